import "server-only";
import {
  changeReachableInvoice,
  type InvoiceChangeResult,
} from "@/lib/invoices/change-reachable-invoice";
import type { InvoiceChange } from "@/lib/invoices/invoice.schema";
import { updateRow } from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Caller } from "@/lib/shared/caller";

/** Changes the named fields, unless somebody changed the invoice since `versions`. */
export const updateInvoice = (
  caller: Caller,
  id: string,
  change: InvoiceChange,
  versions?: readonly number[],
): Promise<InvoiceChangeResult> =>
  changeReachableInvoice(caller, id, versions, {
    permission: INVOICE_PERMISSIONS.update,
    presence: "present",
    action: "invoice.updated",
    fields: Object.keys(change),
    write: updateRow(change),
  });
