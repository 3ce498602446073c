import "server-only";
import { authorize } from "@/lib/authz/authorize";
import type { OwnedInvoice } from "@/lib/invoices/invoice";
import { InvoiceId } from "@/lib/invoices/invoice.schema";
import { findInvoiceRow } from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { reachOf } from "@/lib/invoices/reach";
import { type Shown, showInvoice } from "@/lib/invoices/shown-invoice";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";

/**
 * The invoice, when the caller may see it. Null is the answer alike for what
 * does not exist, is deleted, belongs to another organization, or is hidden
 * from this caller: telling them apart would tell that it exists (ATK-43).
 */
export async function findInvoice(caller: Caller, id: string): Promise<Shown<OwnedInvoice> | null> {
  await authorize(caller, INVOICE_PERMISSIONS.view);
  if (!InvoiceId.safeParse(id).success) return null;
  const reach = await reachOf(caller, INVOICE_PERMISSIONS.view);
  const invoice = await inTenant(reach.organizationId, (tx) =>
    findInvoiceRow(id, reach, "present", tx),
  );
  return invoice && showInvoice(caller, invoice);
}
