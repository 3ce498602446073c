import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { accessibleRows } from "@/lib/authz/decide";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/**
 * The rows that a permission reaches, always within one organization. No query
 * of the store goes by an id alone (ATK-43).
 */
export interface Reach {
  organizationId: string;
  rows: Prisma.InvoiceWhereInput;
}

export async function reachOf(caller: Caller, permission: Permission): Promise<Reach> {
  const rows = await accessibleRows(caller, permission);
  return { organizationId: caller.principal.organizationId, rows };
}
