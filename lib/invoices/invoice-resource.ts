import "server-only";
import type { ResourceSource } from "@/lib/authz/resource-source";
import { InvoiceId } from "@/lib/invoices/invoice.schema";
import { findAskedRow, listRowsById } from "@/lib/invoices/resource-store";
import { inTenant } from "@/lib/platform/db/tenant";

/** Invoices, for questions about what others may do with them. */
export const INVOICE_RESOURCE: ResourceSource = {
  find: async (id, organizationId) => {
    if (!InvoiceId.safeParse(id).success) return null;
    const row = await inTenant(organizationId, (tx) => findAskedRow(id, organizationId, tx));
    return row && { ...row, label: row.number };
  },
  list: async (organizationId, rows, afterId, countMax) =>
    (
      await inTenant(organizationId, (tx) =>
        listRowsById(organizationId, rows, afterId, countMax, tx),
      )
    ).map(({ id, number }) => ({ id, label: number })),
};
