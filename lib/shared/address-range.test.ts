import { expect, test } from "vitest";
import { isWithinRanges, normaliseRange } from "@/lib/shared/address-range";

test.each([
  ["192.0.2.7", "192.0.2.7/32"],
  [" 10.1.2.3/8 ", "10.0.0.0/8"],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["2001:DB8:0:0::1/32", "2001:db8::/32"],
  ["2001:db8::1", "2001:db8::1/128"],
  ["::/0", "::/0"],
  ["::ffff:10.1.2.3/104", "10.0.0.0/8"],
  ["::ffff:192.0.2.7", "192.0.2.7/32"],
])("%s is the range %s", (text, range) => {
  expect(normaliseRange(text)).toBe(range);
  expect(normaliseRange(range)).toBe(range);
});

test.each([
  "",
  "10",
  "10.1",
  "0x7f.0.0.1",
  "010.0.0.1",
  "256.0.0.1",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "10.0.0.0/",
  "10.0.0.0/0x8",
  "fe80::1%eth0",
  "2001:db8::/129",
  "example.com",
  "10.0.0.0/8,192.0.2.0/24",
])("%j is no range", (text) => {
  expect(normaliseRange(text)).toBeNull();
});

test("an address is within its network, in whichever spelling, and in no other", () => {
  const ranges = ["10.0.0.0/8", "2001:db8::/32"];
  for (const ip of ["10.255.0.1", "::ffff:10.0.0.1", "2001:db8:ffff::1"]) {
    expect(isWithinRanges(ip, ranges), ip).toBe(true);
  }
  for (const ip of ["11.0.0.1", "2001:db9::1", "::a00:1", "10", "nonsense", ""]) {
    expect(isWithinRanges(ip, ranges), ip).toBe(false);
  }
});

test("without a rule every address is within, also an unknown one; with one an unknown one is not", () => {
  expect(isWithinRanges(null, [])).toBe(true);
  expect(isWithinRanges(null, ["0.0.0.0/0", "::/0"])).toBe(false);
});

test("what is no range holds nobody and lets nobody in (INV-5)", () => {
  const garbage = ["", "*", "any", "10.0.0.0/99", null, undefined, ["10.0.0.0/8"], 0];
  expect(isWithinRanges("10.0.0.1", garbage)).toBe(false);
  expect(isWithinRanges("10.0.0.1", [...garbage, "10.0.0.0/8"])).toBe(true);
  // All of one family is nothing of the other.
  expect(isWithinRanges("2001:db8::1", ["0.0.0.0/0"])).toBe(false);
  expect(isWithinRanges("10.0.0.1", ["::/0"])).toBe(false);
});
