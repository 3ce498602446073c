import "server-only";
import { AMOUNT_MAX } from "@/lib/invoices/invoice.schema";
import { formatMoney, minorDigits, parseDecimal } from "@/lib/invoices/money";

export type TypedAmount = { amount: number } | { errors: string[] };

/** What was typed into the field, in minor units, or what to tell the person who typed it. */
export function readAmount(text: string, currency: string): TypedAmount {
  const parsed = parseDecimal(text, currency);
  if (parsed.outcome === "rejected" && parsed.reason === "too-many-decimals") {
    const count = minorDigits(currency);
    const decimals = count === 0 ? "no decimals" : `at most ${count} decimals`;
    return { errors: [`${currency} has ${decimals}.`] };
  }
  if (parsed.outcome === "rejected" || parsed.amount > AMOUNT_MAX) {
    return { errors: [`Use at most ${formatMoney(AMOUNT_MAX, currency)}.`] };
  }
  return { amount: parsed.amount };
}
