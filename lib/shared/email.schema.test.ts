import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalEmail, PersonName } from "@/lib/shared/email.schema";
import { otherAddresses, refusedAddresses, sameAddresses } from "@/tests/support/address-corpus";

test.each([
  ["Ada@Example.COM", "ada@example.com"],
  ["  ada@example.com ", "ada@example.com"],
  ["a+b.c@sub.example.com", "a+b.c@sub.example.com"],
  ["admin@localhost", "admin@localhost"],
  ["x@xn--bcher-kva.example", "x@xn--bcher-kva.example"],
])("%j is stored as %j", (typed, stored) => {
  expect(canonicalEmail(typed)).toBe(stored);
});

test.each([
  "ada",
  "@example.com",
  "ada@",
  "ada@example",
  "a@b@example.com",
  '"ada"@example.com',
  '"x@evil.example x"@victim.example',
  "ada@example.com,eve@evil.example",
  "ada@example.com;eve@evil.example",
  "ada@example.com eve@evil.example",
  "ada＠example.com",
  "adа@example.com",
  "ıda@example.com",
  "ada@exаmple.com",
  "ada\u200b@example.com",
  "ada@example.com\nBcc: eve@evil.example",
  "ada@[127.0.0.1]",
  ".ada@example.com",
  "ada.@example.com",
  "a..b@example.com",
  "ada@-example.com",
  "ada@example.com(comment)",
  "<ada@example.com>",
  `${"a".repeat(65)}@example.com`,
  `a@${"b.".repeat(130)}example`,
  "\u212a@example.com",
])("%j is no address (ATK-10, ATK-64)", (typed) => {
  expect(canonicalEmail(typed)).toBeNull();
});

const VICTIM = "victims-fist@example.com";

test("none of 300 texts that pretend to be an address is one, and each is judged at once (ATK-10)", () => {
  const texts = refusedAddresses(VICTIM);
  expect(texts.length).toBeGreaterThan(300);
  const startedAt = performance.now();
  expect(texts.filter((text) => canonicalEmail(text) !== null)).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("another way to type an address is that address, and one that looks like it is another", () => {
  for (const typed of sameAddresses(VICTIM)) expect(canonicalEmail(typed)).toBe(VICTIM);
  for (const typed of otherAddresses(VICTIM)) expect(canonicalEmail(typed)).toBe(typed);
});

test("the canonical form is a fixed point, and has one at sign and no white space", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const canonical = canonicalEmail(text);
      if (canonical === null) return;
      expect(canonicalEmail(canonical)).toBe(canonical);
      expect(canonical).toMatch(/^[!-?A-~]+@[!-?A-~]+$/);
    }),
  );
});

test.each(["", " ", "a\nb", "a\u0000", "x".repeat(101), "\ud800"])("%j is no name", (typed) => {
  expect(PersonName.safeParse(typed).success).toBe(false);
});
