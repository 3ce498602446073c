import "server-only";
import type { ResourceSource } from "@/lib/authz/resource-source";
import { InvoiceId } from "@/lib/invoices/invoice.schema";
import { findAskedRow, listRowsById } from "@/lib/invoices/resource-store";

/** Invoices, for questions about what others may do with them. */
export const INVOICE_RESOURCE: ResourceSource = {
  find: async (id, organizationId) => {
    if (!InvoiceId.safeParse(id).success) return null;
    const row = await findAskedRow(id, organizationId);
    return row && { ...row, label: row.number };
  },
  list: async (organizationId, rows, afterId, countMax) =>
    (await listRowsById(organizationId, rows, afterId, countMax)).map(({ id, number }) => ({
      id,
      label: number,
    })),
};
