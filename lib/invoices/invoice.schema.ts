import { z } from "zod";
import { SearchText } from "@/lib/shared/search.schema";

export const InvoiceId = z.uuid();

export const INVOICE_STATUSES = ["draft", "sent", "paid", "void"] as const;
export const InvoiceStatus = z.enum(INVOICE_STATUSES, "Choose draft, sent, paid or void.");
export type InvoiceStatus = z.infer<typeof InvoiceStatus>;

/** In minor units. Far below 2^53, so that JSON numbers carry it exactly. */
export const AMOUNT_MAX = 1_000_000_000_000;

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** An ISO 4217 code in capitals. */
export const Currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), "Use the three capital letters of a currency, like EUR.");

/** A name as people write it: one line, no control characters. */
export const Customer = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1, "Enter the customer's name.")
  .max(200, "Use at most 200 characters.")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

export const Amount = z
  .int("Use a whole number of minor units.")
  .min(0, "Use zero or more.")
  .max(AMOUNT_MAX, `Use at most ${AMOUNT_MAX}.`);

export const NewInvoice = z.strictObject({
  customer: Customer,
  amount: Amount,
  currency: Currency,
});
export type NewInvoice = z.infer<typeof NewInvoice>;

export const InvoiceChange = z
  .strictObject({
    customer: Customer.optional(),
    amount: Amount.optional(),
    currency: Currency.optional(),
    status: InvoiceStatus.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, "Name at least one field to change.");
export type InvoiceChange = z.infer<typeof InvoiceChange>;

export const INVOICE_SORTS = [
  "newest",
  "oldest",
  "amount",
  "-amount",
  "customer",
  "-customer",
] as const;
export type InvoiceSort = (typeof INVOICE_SORTS)[number];

/** What narrows and orders a list, as its address says it. */
export const InvoiceListing = z.strictObject({
  q: SearchText.optional(),
  status: InvoiceStatus.optional(),
  sort: z.enum(INVOICE_SORTS).default("newest"),
});
export type InvoiceListing = z.infer<typeof InvoiceListing>;
