import { SelectField } from "@/components/form/text-field";

const COMMON = ["EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "CNY", "INR", "SEK"];
const NAMES = new Intl.DisplayNames("en", { type: "currency" });

/** The names of currencies that are history end in their years: "(1964–2022)". */
const isCurrent = (code: string): boolean => !/\d{4}\)$/.test(NAMES.of(code) ?? code);

const option = (code: string) => (
  <option key={code} value={code}>
    {code} · {NAMES.of(code)}
  </option>
);

const OTHERS = Intl.supportedValuesOf("currency").filter(
  (code) => isCurrent(code) && !COMMON.includes(code),
);

/** `value` is kept as a choice even when it is a currency of the past. */
export function CurrencyField({ value = "EUR" }: { value?: string }) {
  const known = COMMON.includes(value) || OTHERS.includes(value);
  return (
    <SelectField name="currency" label="Currency" defaultValue={value} required>
      <optgroup label="Often used">{(known ? COMMON : [value, ...COMMON]).map(option)}</optgroup>
      <optgroup label="All others">{OTHERS.map(option)}</optgroup>
    </SelectField>
  );
}
