import { z } from "zod";
import { Currency, Customer, InvoiceId, InvoiceStatus } from "@/lib/invoices/invoice.schema";

/** In major units as people write them; which decimals fit is up to the currency. */
const AmountText = z
  .string()
  .trim()
  .min(1, "Enter an amount.")
  .regex(/^(\d+(\.\d+)?)?$/, "Write digits, with a point before the decimals: 1234.50");

export const NewInvoiceForm = z.object({
  customer: Customer,
  amount: AmountText,
  currency: Currency,
});

const Version = z.coerce.number<string>().int().min(1).max(999_999_999);

/** A field that a policy hides from its reader is not in the form. */
export const InvoiceForm = NewInvoiceForm.partial({ customer: true, amount: true }).extend({
  id: InvoiceId,
  version: Version,
  status: InvoiceStatus,
});

export const DeleteInvoiceForm = z.object({ id: InvoiceId, version: Version });
