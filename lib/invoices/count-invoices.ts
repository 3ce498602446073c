import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { INVOICE_STATUSES, type InvoiceStatus } from "@/lib/invoices/invoice.schema";
import { countRowsByStatus } from "@/lib/invoices/invoice-store";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { reachOf } from "@/lib/invoices/reach";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";

/** How many invoices of each status the caller may see; every status is named, also with none. */
export async function countInvoices(caller: Caller): Promise<Record<InvoiceStatus, number>> {
  await authorize(caller, INVOICE_PERMISSIONS.view);
  const reach = await reachOf(caller, INVOICE_PERMISSIONS.view);
  const counts = await inTenant(reach.organizationId, (tx) => countRowsByStatus(reach, tx));
  return Object.fromEntries(
    INVOICE_STATUSES.map((status) => [status, counts.get(status) ?? 0]),
  ) as Record<InvoiceStatus, number>;
}
