import { useLanguage, useTranslations } from "#translations";
import { SelectField } from "@/components/form/text-field";
import { formatLocale } from "@/lib/shared/locale";

const COMMON = ["EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "CNY", "INR", "SEK"];
const ENGLISH = new Intl.DisplayNames("en", { type: "currency" });

/** The names of currencies that are history end in their years: "(1964–2022)". */
const isCurrent = (code: string): boolean => !/\d{4}\)$/.test(ENGLISH.of(code) ?? code);

const OTHERS = Intl.supportedValuesOf("currency").filter(
  (code) => isCurrent(code) && !COMMON.includes(code),
);

/** `value` is kept as a choice even when it is a currency of the past. */
export function CurrencyField({ value = "EUR" }: { value?: string }) {
  const t = useTranslations("product.invoices");
  const { locale } = useLanguage();
  const names = new Intl.DisplayNames(formatLocale(locale), { type: "currency" });
  const option = (code: string) => (
    <option key={code} value={code}>
      {code} · {names.of(code)}
    </option>
  );
  const known = COMMON.includes(value) || OTHERS.includes(value);
  return (
    <SelectField name="currency" label={t("currency")} defaultValue={value} required>
      <optgroup label={t("oftenUsed")}>
        {(known ? COMMON : [value, ...COMMON]).map(option)}
      </optgroup>
      <optgroup label={t("allOthers")}>{OTHERS.map(option)}</optgroup>
    </SelectField>
  );
}
