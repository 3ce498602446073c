import { expect, test } from "vitest";
import { formatPhone, maskPhone, parsePhone } from "@/lib/credentials/sms-code/phone-number";

test.each([
  ["+43 664 1234567", "+436641234567"],
  ["0043664 1234567", null],
  ["  +43 (664) 123-45-67 ", "+436641234567"],
  ["+1 201 555 0123", "+12015550123"],
  ["＋４３６６４１２３４５６７", "+436641234567"],
])("%j is kept as %j", (text, number) => {
  const parsed = parsePhone(text, []);
  expect(parsed).toEqual(
    number === null ? { outcome: "rejected", reason: "invalid" } : { outcome: "parsed", number },
  );
});

test.each([
  ["invalid", "0664 1234567"],
  ["invalid", "call me at +43 664 1234567"],
  ["invalid", "+43 664 1234567 ext. 12"],
  ["invalid", "+43 664"],
  ["invalid", "+882 16 12345678"],
  ["invalid", ""],
  ["not-mobile", "+43 1 5330555"],
  ["not-mobile", "+43 900 123456"],
  ["not-mobile", "+44 800 1111 222"],
] as const)("%s: %s", (reason, text) => {
  expect(parsePhone(text, [])).toEqual({ outcome: "rejected", reason });
});

test("messages go to the countries that are named, and nowhere else", () => {
  expect(parsePhone("+43 664 1234567", ["AT", "DE"]).outcome).toBe("parsed");
  expect(parsePhone("+1 201 555 0123", ["AT", "DE"])).toMatchObject({ reason: "country" });
  // Kazakhstan shares its calling code with Russia, and the Bahamas with the United States.
  expect(parsePhone("+7 701 234 5678", ["RU"])).toMatchObject({ reason: "country" });
  expect(parsePhone("+1 242 359 1234", ["US"])).toMatchObject({ reason: "country" });
});

test("a number without a country is of the only one that is served", () => {
  expect(parsePhone("0664 1234567", ["AT"])).toEqual({
    outcome: "parsed",
    number: "+436641234567",
  });
  expect(parsePhone("0664 1234567", ["AT", "DE"])).toMatchObject({ reason: "invalid" });
});

test("a number is written as people do, or told by its end alone", () => {
  expect(formatPhone("+436641234567")).toBe("+43 664 1234567");
  expect(maskPhone("+436641234567")).toBe("ending in 67");
});
