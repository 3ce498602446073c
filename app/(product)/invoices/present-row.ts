import "server-only";
import { invoicePath } from "@/app/(product)/invoices/address";
import type { InvoiceRow } from "@/components/invoices/invoice-table";
import { formatMoney } from "@/lib/invoices/money";
import type { Shown } from "@/lib/invoices/shown-invoice";

/** In the place of what a policy hides from the reader. */
export const HIDDEN = "Hidden";

export const presentRow = (invoice: Shown): InvoiceRow => ({
  id: invoice.id,
  href: invoicePath(invoice.id),
  number: invoice.number,
  customer: invoice.customer ?? HIDDEN,
  money: invoice.amount === null ? HIDDEN : formatMoney(invoice.amount, invoice.currency),
  status: invoice.status,
  createdAt: invoice.createdAt,
});
