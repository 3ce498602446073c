import "server-only";
import {
  changeReachableInvoice,
  type InvoiceChangeResult,
} from "@/lib/invoices/change-reachable-invoice";
import { markRowDeleted, unmarkRowDeleted } from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Caller } from "@/lib/shared/caller";

/** Hides the invoice from everybody until it is restored or purged; its number stays taken. */
export const deleteInvoice = (
  caller: Caller,
  id: string,
  versions?: readonly number[],
): Promise<InvoiceChangeResult> =>
  changeReachableInvoice(caller, id, versions, {
    permission: INVOICE_PERMISSIONS.delete,
    presence: "present",
    action: "invoice.deleted",
    write: markRowDeleted,
  });

/** Takes a deletion back. Whoever may delete an invoice may restore it. */
export const restoreInvoice = (caller: Caller, id: string): Promise<InvoiceChangeResult> =>
  changeReachableInvoice(caller, id, undefined, {
    permission: INVOICE_PERMISSIONS.delete,
    presence: "deleted",
    action: "invoice.restored",
    write: unmarkRowDeleted,
  });
