import fc from "fast-check";
import { expect, test } from "vitest";
import { AMOUNT_MAX } from "@/lib/invoices/invoice.schema";
import { formatMoney, minorDigits, parseDecimal, toDecimal } from "@/lib/invoices/money";

test.each([
  ["1234.56", "EUR", 123_456],
  ["1234", "EUR", 123_400],
  ["0.1", "EUR", 10],
  ["0.29", "EUR", 29],
  ["1.005", "KWD", 1_005],
  ["1.1", "KWD", 1_100],
  ["100", "JPY", 100],
  ["12.3456", "CLF", 123_456],
  ["0012.50", "USD", 1_250],
  [" 7 ", "USD", 700],
  ["10000000000.00", "USD", AMOUNT_MAX],
])("%j %s is %d minor units", (text, currency, amount) => {
  expect(parseDecimal(text, currency)).toEqual({ outcome: "parsed", amount });
});

test.each(["", "-1", "+1", "1,50", "1.234,50", "1.", ".5", "1e3", "0x10", "١٢", "1 000", "NaN"])(
  "%j is no amount",
  (text) => {
    expect(parseDecimal(text, "EUR")).toEqual({ outcome: "rejected", reason: "not-a-number" });
  },
);

test.each([
  ["1.234", "EUR"],
  ["1.0", "JPY"],
  ["1.2345", "KWD"],
])("%s %s is refused instead of rounded", (text, currency) => {
  expect(parseDecimal(text, currency)).toEqual({
    outcome: "rejected",
    reason: "too-many-decimals",
  });
});

test("what is shown in a form reads back as the same amount, in every currency", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: AMOUNT_MAX }),
      fc.constantFrom(...Intl.supportedValuesOf("currency")),
      (amount, currency) => {
        expect(parseDecimal(toDecimal(amount, currency), currency)).toEqual({
          outcome: "parsed",
          amount,
        });
      },
    ),
  );
});

test("minor units follow ISO 4217 where CLDR does not", () => {
  expect(["HUF", "IDR", "PKR", "JPY", "KWD", "CLF"].map(minorDigits)).toEqual([2, 2, 2, 0, 3, 4]);
});

test.each([
  [123_456, "EUR", "€1,234.56"],
  [5, "USD", "$0.05"],
  [1_234_567, "JPY", "¥1,234,567"],
  [150_000, "HUF", "HUF\u00a01,500.00"],
  [AMOUNT_MAX, "USD", "$10,000,000,000.00"],
  [999_999_999_999, "USD", "$9,999,999,999.99"],
])("%d %s reads %s", (amount, currency, text) => {
  expect(formatMoney(amount, currency)).toBe(text);
});
