import { useTranslations } from "#translations";
import { TextField } from "@/components/form/text-field";
import { CurrencyField } from "@/components/invoices/currency-field";

/** The fields that a new invoice and one being edited have in common. */
export function InvoiceFields({
  customer,
  amount,
  currency,
}: {
  /** Null leaves the field out: a policy hides it. */
  customer?: string | null;
  /** In major units: "1234.50". Null like the customer. */
  amount?: string | null;
  currency?: string;
}) {
  const t = useTranslations("product.invoices");
  return (
    <>
      {customer !== null && (
        <TextField
          name="customer"
          label={t("customer")}
          defaultValue={customer}
          maxLength={200}
          autoComplete="off"
          required
        />
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        {amount !== null && (
          <TextField
            name="amount"
            label={t("amount")}
            hint={t("amountHint")}
            inputMode="decimal"
            autoComplete="off"
            maxLength={20}
            className="figures"
            defaultValue={amount}
            required
          />
        )}
        <CurrencyField value={currency} />
      </div>
    </>
  );
}
