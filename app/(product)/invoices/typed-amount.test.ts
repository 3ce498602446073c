import { expect, test } from "vitest";
import { readAmount } from "@/app/(product)/invoices/typed-amount";

test.each([
  ["12.50", "EUR", { amount: 1_250 }],
  ["12.505", "EUR", { errors: ["EUR has at most 2 decimals."] }],
  ["12.5", "JPY", { errors: ["JPY has no decimals."] }],
  ["10000000000.01", "USD", { errors: ["Use at most $10,000,000,000.00."] }],
  ["99999999999999999999", "USD", { errors: ["Use at most $10,000,000,000.00."] }],
])("%s %s is read as %j", (text, currency, expected) => {
  expect(readAmount(text, currency)).toEqual(expected);
});
