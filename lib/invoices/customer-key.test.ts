import { expect, test } from "vitest";
import { customerKey } from "@/lib/invoices/customer-key";

test.each([
  ["Müller & Söhne", "muller & sohne"],
  ["STRASSE", "strasse"],
  ["Straße", "strasse"],
  ["Ａｃｍｅ", "acme"],
  ["  two   words ", "two words"],
  ["Ελλάς", "ελλας"],
  ["日本商事", "日本商事"],
])("%j is found and sorted as %j", (customer, key) => {
  expect(customerKey(customer)).toBe(key);
});

test("the longest name that unfolds the furthest still fits an index entry", () => {
  const key = customerKey(`${"\u{FDFA}".repeat(199)}\u{1F600}`);
  expect(Array.from(key)).toHaveLength(200);
  expect(new TextEncoder().encode(key).byteLength).toBeLessThan(2_000);
  expect(customerKey("\u{1F600}".repeat(201)).isWellFormed()).toBe(true);
});
