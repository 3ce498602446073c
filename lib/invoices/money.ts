import "server-only";
import { DEFAULT_LOCALE, formatLocale, type Locale } from "@/lib/shared/locale";

/**
 * Currencies whose minor unit is not a hundredth (ISO 4217, list one). Intl
 * follows CLDR instead, which rounds what people rarely pay in coins: its
 * forint has no decimals and changes with the version of its data. Amounts are
 * stored, so their unit must never change.
 */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  ...digits(0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
  ...digits(3, "BHD IQD JOD KWD LYD OMR TND"),
  ...digits(4, "CLF UYW"),
};

function digits(count: number, currencies: string): Record<string, number> {
  return Object.fromEntries(currencies.split(" ").map((currency) => [currency, count]));
}

export const minorDigits = (currency: string): number => MINOR_DIGITS[currency] ?? 2;

/** 123456 minor units of EUR as "1234.56": exact, because no number is divided. */
export function toDecimal(amount: number, currency: string): string {
  const count = minorDigits(currency);
  if (count === 0) return String(amount);
  const text = String(amount).padStart(count + 1, "0");
  return `${text.slice(0, -count)}.${text.slice(-count)}`;
}

export type DecimalRejection = "not-a-number" | "too-many-decimals";
export type ParsedDecimal =
  | { outcome: "parsed"; amount: number }
  | { outcome: "rejected"; reason: DecimalRejection };

/**
 * Reads "1234.56" as minor units, exactly or not at all. A comma is refused:
 * "1,234" is a thousand to some readers and little more than one to others.
 */
export function parseDecimal(text: string, currency: string): ParsedDecimal {
  const match = /^(\d{1,13})(?:\.(\d+))?$/.exec(text.trim());
  if (match?.[1] === undefined) return { outcome: "rejected", reason: "not-a-number" };
  const count = minorDigits(currency);
  const fraction = match[2] ?? "";
  if (fraction.length > count) return { outcome: "rejected", reason: "too-many-decimals" };
  // What is too long to be an exact number is also beyond AMOUNT_MAX, which the schema refuses.
  return { outcome: "parsed", amount: Number(`${match[1]}${fraction.padEnd(count, "0")}`) };
}

/** For people to read: the currency's symbol, grouped digits, every decimal of its minor unit. */
export function formatMoney(
  amount: number,
  currency: string,
  locale: Locale = DEFAULT_LOCALE,
): string {
  const count = minorDigits(currency);
  const format = new Intl.NumberFormat(
    // British English writes "US$", which readers of English elsewhere stumble over.
    locale === "en" ? "en" : formatLocale(locale),
    {
      style: "currency",
      currency,
      minimumFractionDigits: count,
      maximumFractionDigits: count,
    },
  );
  return format.format(toDecimal(amount, currency) as `${number}`);
}
