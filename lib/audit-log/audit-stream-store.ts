import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { TOLD } from "@/lib/audit-log/audit-log-store";
import { type Db, prisma } from "@/lib/platform/db/client";

const SELECT = { ...TOLD, organizationId: true } as const satisfies Prisma.AuditEventSelect;

export type StreamedRow = Prisma.AuditEventGetPayload<{ select: typeof SELECT }>;

/** Where the chain ends: no event will ever get a place at or before it. */
export async function findStreamEnd(db: Db = prisma()): Promise<bigint> {
  const link = await db.auditLink.findFirst({ orderBy: { seq: "desc" }, select: { seq: true } });
  return link?.seq ?? 0n;
}

/**
 * The links after `seq`, each with its event: null for one that is gone, or of another organization
 * than asked for.
 */
export async function listStreamRows(
  seq: bigint,
  organizationId: string | null,
  countMax: number,
  db: Db = prisma(),
): Promise<{ seq: bigint; event: StreamedRow | null }[]> {
  const links = await db.auditLink.findMany({
    where: { seq: { gt: seq } },
    orderBy: { seq: "asc" },
    take: countMax,
    select: { seq: true, eventId: true },
  });
  const events = await db.auditEvent.findMany({
    where: {
      id: { in: links.map(({ eventId }) => eventId) },
      ...(organizationId !== null && { organizationId }),
    },
    select: SELECT,
  });
  const byId = new Map(events.map((event) => [event.id, event]));
  return links.map((link) => ({ seq: link.seq, event: byId.get(link.eventId) ?? null }));
}

/** The event of a link; null when it is gone. */
export async function findStreamRow(id: string, db: Db = prisma()): Promise<StreamedRow | null> {
  return db.auditEvent.findUnique({ where: { id }, select: SELECT });
}
