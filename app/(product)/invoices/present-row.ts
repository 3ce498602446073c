import "server-only";
import { invoicePath } from "@/app/(product)/invoices/address";
import type { InvoiceRow } from "@/components/invoices/invoice-table";
import type { Invoice } from "@/lib/invoices/invoice";
import { formatMoney } from "@/lib/invoices/money";

export const presentRow = (invoice: Invoice): InvoiceRow => ({
  id: invoice.id,
  href: invoicePath(invoice.id),
  number: invoice.number,
  customer: invoice.customer,
  money: formatMoney(invoice.amount, invoice.currency),
  status: invoice.status,
  createdAt: invoice.createdAt,
});
