import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type { TenantDb } from "@/lib/platform/db/tenant";

const SELECT = {
  id: true,
  number: true,
  ownerId: true,
  amount: true,
  currency: true,
  customer: true,
  status: true,
} as const;

/** What conditions may ask about an invoice of the organization that is not deleted. */
export async function findAskedRow(id: string, organizationId: string, db: TenantDb) {
  const where = { id, organizationId, deletedAt: null };
  const row = await db.invoice.findFirst({ where, select: SELECT });
  return row && { ...row, amount: Number(row.amount) };
}

/** The organization's invoices within a filter, in the order of their ids. */
export const listRowsById = (
  organizationId: string,
  rows: Prisma.InvoiceWhereInput,
  afterId: string | null,
  countMax: number,
  db: TenantDb,
): Promise<{ id: string; number: string }[]> =>
  db.invoice.findMany({
    where: {
      organizationId,
      deletedAt: null,
      AND: [rows],
      ...(afterId === null ? {} : { id: { gt: afterId } }),
    },
    orderBy: { id: "asc" },
    take: countMax,
    select: { id: true, number: true },
  });
