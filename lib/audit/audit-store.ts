import "server-only";
import type { AuditEventInput } from "@/lib/audit/record-event";
import { type Db, prisma, type ReplicaDb } from "@/lib/platform/db/client";
import { countEvent } from "@/lib/platform/metrics/metrics";
import type { RequestFacts } from "@/lib/shared/caller";

export async function insertAuditEvents(
  events: (AuditEventInput & { id: string })[],
  request: RequestFacts,
  db: Db = prisma(),
): Promise<void> {
  for (const { action, outcome } of events) countEvent(action, outcome);
  await db.auditEvent.createMany({
    // A given id may be there already: the first event with it stands.
    skipDuplicates: true,
    data: events.map((event) => rowOf(event, request)),
  });
}

/** Of changes made at once, the one that began last need not be the one that ended last. */
const NEWEST_COUNT = 10;

/** The newest of what somebody did. */
export async function listNewestEventIds(actorId: string, db: Db = prisma()): Promise<string[]> {
  const rows = await db.auditEvent.findMany({
    where: { actorId },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: NEWEST_COUNT,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** How many of these events the replica has. */
export const countKnownEvents = (ids: string[], db: ReplicaDb): Promise<number> =>
  db.auditEvent.count({ where: { id: { in: ids } } });

function rowOf(event: AuditEventInput & { id: string }, request: RequestFacts) {
  const { actor, target } = event;
  const known = actor.type === "user" || actor.type === "service" ? actor : null;
  return {
    id: event.id,
    action: event.action,
    outcome: event.outcome,
    actorType: actor.type,
    actorId: known?.id ?? null,
    organizationId: known?.organizationId ?? null,
    sessionId: actor.type === "user" ? (actor.sessionId ?? null) : null,
    clientId: actor.type === "user" ? (actor.clientId ?? null) : null,
    subjectId: actor.type === "user" ? (actor.subjectId ?? null) : null,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    reason: event.reason ?? null,
    ip: request.ip,
    userAgent: request.userAgent,
    requestId: request.requestId,
    ...(event.before === undefined ? {} : { before: event.before ?? undefined }),
    ...(event.after === undefined ? {} : { after: event.after ?? undefined }),
  };
}
