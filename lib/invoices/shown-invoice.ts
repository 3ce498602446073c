import "server-only";
import { askAbout, listHiddenFields } from "@/lib/authz/decide";
import { hiddenFields } from "@/lib/authz/evaluate";
import type { Invoice } from "@/lib/invoices/invoice";
import type { InvoiceListing } from "@/lib/invoices/invoice.schema";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Caller } from "@/lib/shared/caller";

/** An invoice as the caller may see it: what a policy hides from them is null. */
export type Shown<T extends Invoice = Invoice> = Omit<T, "amount" | "customer"> & {
  amount: number | null;
  customer: string | null;
};

/** The invoices without what policies hide from the caller, each by its own decision (V8.2.3). */
export async function showInvoices<T extends Invoice>(
  caller: Caller,
  invoices: readonly T[],
): Promise<Shown<T>[]> {
  const { question } = await askAbout(caller, INVOICE_PERMISSIONS.view);
  return invoices.map((invoice) => {
    const hidden = hiddenFields({ ...question, resource: { ...(invoice as Invoice) } });
    return {
      ...invoice,
      ...(hidden.includes("amount") ? { amount: null } : {}),
      ...(hidden.includes("customer") ? { customer: null } : {}),
    };
  });
}

export async function showInvoice<T extends Invoice>(
  caller: Caller,
  invoice: T,
): Promise<Shown<T>> {
  const [shown] = await showInvoices(caller, [invoice]);
  if (shown === undefined) throw new Error("an invoice vanished while it was shown");
  return shown;
}

/**
 * The listing without what would tell a hidden value by its order or by what is found: where a
 * field may be hidden, nobody sorts by it or searches in it.
 */
export async function withoutHidden(
  caller: Caller,
  listing: InvoiceListing,
): Promise<InvoiceListing & { searchedIn: "number" | "number-and-customer" }> {
  const hidden = await listHiddenFields(caller, INVOICE_PERMISSIONS.view);
  const sortedBy = listing.sort.replace("-", "");
  return {
    ...listing,
    sort: hidden.includes(sortedBy) ? "newest" : listing.sort,
    searchedIn: hidden.includes("customer") ? "number" : "number-and-customer",
  };
}
