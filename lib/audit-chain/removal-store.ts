import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { asKeeper } from "@/lib/audit-chain/keeper";
import { type Db, prisma } from "@/lib/platform/db/client";
import { mentionsOneOf } from "@/lib/platform/db/mention";
import { newId } from "@/lib/platform/id";

/** What somebody has a hold on did, or what befell them, is kept whole: also where it is of others as well. */
const NOT_HELD = Prisma.sql`NOT EXISTS (
  SELECT FROM audit_holds h
   WHERE h.released_at IS NULL
     AND (h.user_id IN (e.actor_id, e.subject_id) OR h.user_id::text = e.target_id))`;

/** Takes what is personal of one user out of sealed events, so many at a time; returns of how many. */
export async function eraseEventRows(
  userId: string,
  erasedBy: string,
  countMax: number,
  tx: Db,
): Promise<number> {
  // Read before: the role that takes something out reads nothing else.
  const holds = await tx.auditHold.findMany({
    where: { releasedAt: null },
    select: { userId: true },
  });
  const heldIds = holds.map((hold) => hold.userId);
  const notHeld = Prisma.sql`(e.actor_id = ANY(${heldIds}::uuid[])
                              OR e.subject_id = ANY(${heldIds}::uuid[])
                              OR e.target_id = ANY(${heldIds}::text[])) IS NOT TRUE`;
  return asKeeper(tx, async () => {
    // Where it came from is theirs when nobody else is known to have been there.
    const origins = await tx.$executeRaw`
      UPDATE audit_events SET ip = NULL, user_agent = NULL, origin_salt = NULL,
                              erased_by = ${erasedBy}::uuid
       WHERE id IN (SELECT e.id FROM audit_events e JOIN audit_links l ON l.event_id = e.id
                     WHERE (e.actor_id = ${userId}::uuid
                            OR (e.actor_id IS NULL AND e.target_id = ${userId}))
                       AND ${notHeld} AND e.origin_salt IS NOT NULL AND e.id <> ${erasedBy}::uuid
                     LIMIT ${countMax})`;
    const details = await tx.$executeRaw`
      UPDATE audit_events SET reason = NULL, before = NULL, after = NULL, detail_salt = NULL,
                              erased_by = ${erasedBy}::uuid
       WHERE id IN (SELECT e.id FROM audit_events e JOIN audit_links l ON l.event_id = e.id
                     WHERE e.target_id = ${userId} AND e.detail_salt IS NOT NULL
                       AND ${notHeld} AND e.action <> 'audit.personal_data_erased'
                     LIMIT ${countMax})`;
    return Math.max(origins, details);
  });
}

export interface Mention {
  id: string;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
}

/** Events that are gone through in one statement: no index has what stands in them. */
const SEARCH_SIZE = 20_000;

/** Those of the next part, after an id, whose details have one of these texts; `last` is null at the end. */
export async function listMentions(
  texts: string[],
  after: string | null,
): Promise<{ mentions: Mention[]; last: string | null }> {
  const [row] = await prisma().$queryRaw<[{ mentions: Mention[] | null; last: string | null }]>`
    WITH part AS (
      SELECT * FROM audit_events
       WHERE ${after}::uuid IS NULL OR id > ${after}::uuid ORDER BY id LIMIT ${SEARCH_SIZE}
    )
    SELECT (SELECT max(id::text) FROM part) AS last,
           json_agg(json_build_object('id', e.id, 'actorId', e.actor_id,
                                      'targetType', e.target_type, 'targetId', e.target_id)) AS mentions
      FROM part e
     WHERE e.detail_salt IS NOT NULL AND e.action <> 'audit.personal_data_erased'
       AND ${mentionsOneOf(Prisma.sql`concat(e.reason, ' ', e.before, ' ', e.after)`, texts)}
       AND ${NOT_HELD}`;
  return { mentions: row.mentions ?? [], last: row.last };
}

/** Takes the details out of sealed events. */
export const eraseDetails = (ids: string[], erasedBy: string, tx: Db): Promise<number> =>
  asKeeper(
    tx,
    () => tx.$executeRaw`
      UPDATE audit_events SET reason = NULL, before = NULL, after = NULL, detail_salt = NULL,
                              erased_by = ${erasedBy}::uuid
       WHERE id IN (SELECT e.id FROM audit_events e JOIN audit_links l ON l.event_id = e.id
                     WHERE e.id = ANY(${ids}::uuid[]) AND e.detail_salt IS NOT NULL)`,
  );

export interface Prunable {
  seq: bigint;
  eventId: string;
  held: boolean;
}

/** The links after `seq` whose events are older than that, up to the first one that is not. */
export async function listOverdue(
  seq: bigint,
  before: Date,
  countMax: number,
  tx: Db,
): Promise<Prunable[]> {
  const rows = await tx.$queryRaw<(Prunable & { overdue: boolean })[]>`
    SELECT l.seq, l.event_id AS "eventId", e.at < ${before} AS overdue,
           EXISTS (SELECT FROM audit_holds h
                    WHERE h.released_at IS NULL
                      AND (h.user_id IN (e.actor_id, e.subject_id) OR h.user_id::text = e.target_id)) AS held
      FROM audit_links l JOIN audit_events e ON e.id = l.event_id
     WHERE l.seq > ${seq} ORDER BY l.seq LIMIT ${countMax}`;
  const first = rows.findIndex(({ overdue }) => !overdue);
  return first === -1 ? rows : rows.slice(0, first);
}

/** What was kept up to `seqMax` for a hold that nobody has any more. */
export const listReleased = (
  kept: { from: bigint; to: bigint }[],
  countMax: number,
  tx: Db,
): Promise<Omit<Prunable, "held">[]> => tx.$queryRaw`
    SELECT l.seq, l.event_id AS "eventId"
      FROM unnest(${kept.map(({ from }) => from)}::bigint[], ${kept.map(({ to }) => to)}::bigint[])
             AS range (low, high)
      JOIN audit_links l ON l.seq BETWEEN range.low AND range.high
      JOIN audit_events e ON e.id = l.event_id
     WHERE ${NOT_HELD}
     ORDER BY l.seq LIMIT ${countMax}`;

/** Deletes these events and nothing else, in the transaction whose statement says so. */
export async function pruneEventRows(
  eventIds: string[],
  pruning: { seqMax: bigint; statement: string },
  tx: Db,
): Promise<number> {
  await tx.auditPruning.create({ data: { id: newId(), ...pruning } });
  if (eventIds.length === 0) return 0;
  return asKeeper(
    tx,
    () => tx.$executeRaw`DELETE FROM audit_events WHERE id = ANY(${eventIds}::uuid[])`,
  );
}

export interface HoldRow {
  userId: string;
  reason: string;
  placedAt: Date;
}

/** Holds that stand, oldest first. */
export const listHoldRows = (db: Db = prisma()): Promise<HoldRow[]> =>
  db.auditHold.findMany({
    where: { releasedAt: null },
    orderBy: { placedAt: "asc" },
    select: { userId: true, reason: true, placedAt: true },
  });

export async function isHeld(userId: string, db: Db): Promise<boolean> {
  return (await db.auditHold.findFirst({ where: { userId, releasedAt: null } })) !== null;
}

export async function insertHold(userId: string, reason: string, tx: Db): Promise<void> {
  await tx.auditHold.create({ data: { id: newId(), userId, reason } });
}

/** Returns how many holds of the user ended. */
export const releaseHolds = (userId: string, tx: Db): Promise<number> => tx.$executeRaw`
  UPDATE audit_holds SET released_at = now()
   WHERE user_id = ${userId}::uuid AND released_at IS NULL`;
