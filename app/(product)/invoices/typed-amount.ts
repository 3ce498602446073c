import "server-only";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations } from "@/app/_locale/translations";
import { AMOUNT_MAX } from "@/lib/invoices/invoice.schema";
import { formatMoney, minorDigits, parseDecimal } from "@/lib/invoices/money";

export type TypedAmount =
  | { outcome: "read"; amount: number }
  | { outcome: "too-many-decimals"; currency: string; count: number }
  | { outcome: "too-much"; currency: string };

/** What was typed into the field, in minor units, or why it is no amount. */
export function readAmount(text: string, currency: string): TypedAmount {
  const parsed = parseDecimal(text, currency);
  if (parsed.outcome === "rejected" && parsed.reason === "too-many-decimals") {
    return { outcome: "too-many-decimals", currency, count: minorDigits(currency) };
  }
  if (parsed.outcome === "rejected" || parsed.amount > AMOUNT_MAX) {
    return { outcome: "too-much", currency };
  }
  return { outcome: "read", amount: parsed.amount };
}

/** What to tell the person who typed it. */
export async function amountProblem(
  problem: Exclude<TypedAmount, { outcome: "read" }>,
): Promise<string> {
  const t = await getTranslations("product.invoices");
  const { currency } = problem;
  if (problem.outcome === "too-much") {
    const { locale } = await requestLanguage();
    return t("atMost", { amount: formatMoney(AMOUNT_MAX, currency, locale) });
  }
  const { count } = problem;
  return count === 0 ? t("noDecimals", { currency }) : t("decimals", { currency, count });
}
