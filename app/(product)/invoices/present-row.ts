import "server-only";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations } from "@/app/_locale/translations";
import { invoicePath } from "@/app/(product)/invoices/address";
import type { InvoiceRow } from "@/components/invoices/invoice-table";
import { formatMoney } from "@/lib/invoices/money";
import type { Shown } from "@/lib/invoices/shown-invoice";

/** As tables show them. What a policy hides from the reader is said to be hidden. */
export async function presentRows(invoices: readonly Shown[]): Promise<InvoiceRow[]> {
  const { locale } = await requestLanguage();
  const hidden = (await getTranslations("product.invoices"))("hidden");
  return invoices.map((invoice) => ({
    id: invoice.id,
    href: invoicePath(invoice.id),
    number: invoice.number,
    customer: invoice.customer ?? hidden,
    money: invoice.amount === null ? hidden : formatMoney(invoice.amount, invoice.currency, locale),
    status: invoice.status,
    createdAt: invoice.createdAt,
  }));
}

export async function presentRow(invoice: Shown): Promise<InvoiceRow> {
  const [row] = await presentRows([invoice]);
  if (row === undefined) throw new Error("one invoice is one row");
  return row;
}
