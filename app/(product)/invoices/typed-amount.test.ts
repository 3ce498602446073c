import { expect, test } from "vitest";
import { readAmount } from "@/app/(product)/invoices/typed-amount";

test.each([
  ["12.50", "EUR", { outcome: "read", amount: 1_250 }],
  ["12.505", "EUR", { outcome: "too-many-decimals", currency: "EUR", count: 2 }],
  ["12.5", "JPY", { outcome: "too-many-decimals", currency: "JPY", count: 0 }],
  ["10000000000.01", "USD", { outcome: "too-much", currency: "USD" }],
  ["99999999999999999999", "USD", { outcome: "too-much", currency: "USD" }],
])("%s %s is read as %j", (text, currency, expected) => {
  expect(readAmount(text, currency)).toEqual(expected);
});
