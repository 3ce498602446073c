import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { MessageListing, MessageState } from "@/lib/outbox/outbox.schema";
import { type Db, prisma } from "@/lib/platform/db/client";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";

/** Never with what a message says: it holds codes and links that sign people in. */
export interface MessageRow {
  id: string;
  channel: "mail" | "sms";
  kind: string;
  recipient: string;
  state: MessageState;
  createdAt: Date;
  attempts: number;
  nextAttemptAt: Date;
  expiresAt: Date | null;
  sentAt: Date | null;
  lastError: string | null;
}

export interface MessagePlace {
  id: string;
  walk: Walk;
}

const UNCLAIMED = Prisma.sql`(claimed_until IS NULL OR claimed_until <= now())`;
const WAITING = Prisma.sql`sent_at IS NULL AND ${UNCLAIMED}`;
const UNEXPIRED = Prisma.sql`(expires_at IS NULL OR expires_at > now())`;

/** Each message is in one of these, and what is asked of a message is asked by the same words. */
const IN_STATE: Record<MessageState, Prisma.Sql> = {
  sent: Prisma.sql`sent_at IS NOT NULL`,
  sending: Prisma.sql`sent_at IS NULL AND claimed_until > now()`,
  expired: Prisma.sql`${WAITING} AND expires_at <= now()`,
  failed: Prisma.sql`${WAITING} AND ${UNEXPIRED} AND last_error IS NOT NULL`,
  queued: Prisma.sql`${WAITING} AND ${UNEXPIRED} AND last_error IS NULL`,
};

const STATE = Prisma.sql`
  CASE WHEN ${IN_STATE.sent} THEN 'sent' WHEN ${IN_STATE.sending} THEN 'sending'
       WHEN ${IN_STATE.expired} THEN 'expired' WHEN ${IN_STATE.failed} THEN 'failed'
       ELSE 'queued' END`;

function matching({ state, kind, recipient }: MessageListing): Prisma.Sql[] {
  return [
    ...(state === undefined ? [] : [IN_STATE[state]]),
    ...(kind === undefined ? [] : [Prisma.sql`kind = ${kind}`]),
    ...(recipient === undefined ? [] : [Prisma.sql`recipient = ${recipient}`]),
  ];
}

/** Newest first, in the order in which the walk meets them: an id begins with its time. */
export function listMessageRows(
  listing: MessageListing,
  place: MessagePlace | null,
  countMax: number,
  db: Db = prisma(),
): Promise<MessageRow[]> {
  const backwards = place?.walk === "previous";
  const beyond = backwards ? Prisma.sql`>` : Prisma.sql`<`;
  const conditions = [
    ...matching(listing),
    ...(place === null ? [] : [Prisma.sql`id ${beyond} ${place.id}::uuid`]),
  ];
  const where =
    conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
  return db.$queryRaw<MessageRow[]>`
    SELECT id, channel::text, kind, recipient, created_at AS "createdAt", attempts,
           next_attempt_at AS "nextAttemptAt", expires_at AS "expiresAt", sent_at AS "sentAt",
           last_error AS "lastError", ${STATE} AS state
      FROM outbox ${where}
     ORDER BY id ${backwards ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${countMax}`;
}

/** Every kind that there is: hops through the index from one to the next. */
export async function listKinds(db: Db = prisma()): Promise<string[]> {
  const rows = await db.$queryRaw<{ kind: string }[]>`
    WITH RECURSIVE hop AS (
      (SELECT kind FROM outbox ORDER BY kind LIMIT 1)
      UNION ALL
      SELECT (SELECT kind FROM outbox WHERE kind > hop.kind ORDER BY kind LIMIT 1)
        FROM hop WHERE hop.kind IS NOT NULL
    )
    SELECT kind FROM hop WHERE kind IS NOT NULL`;
  return rows.map(({ kind }) => kind);
}

/** How many are not sent, by state. */
export async function countUnsent(
  db: Db = prisma(),
): Promise<Record<Exclude<MessageState, "sent">, number>> {
  const rows = await db.$queryRaw<{ state: MessageState; count: number }[]>`
    SELECT ${STATE} AS state, count(*)::int AS count FROM outbox WHERE sent_at IS NULL GROUP BY 1`;
  const count = (state: MessageState) => rows.find((row) => row.state === state)?.count ?? 0;
  return {
    queued: count("queued"),
    sending: count("sending"),
    failed: count("failed"),
    expired: count("expired"),
  };
}

export async function findState(id: string, db: Db): Promise<MessageState | null> {
  if (!isId(id)) return null;
  const [row] = await db.$queryRaw<{ state: MessageState }[]>`
    SELECT ${STATE} AS state FROM outbox WHERE id = ${id}::uuid`;
  return row?.state ?? null;
}

/** Makes a message due again that has failed, and has not been made due since. False for any other. */
export async function reviveFailed(id: string, tx: Db): Promise<boolean> {
  if (!isId(id)) return false;
  const count = await tx.$executeRaw`
    UPDATE outbox SET next_attempt_at = date_trunc('milliseconds', now()), last_error = NULL
     WHERE id = ${id}::uuid AND ${IN_STATE.failed}`;
  return count === 1;
}

/** The same for every one of them, by one statement. */
export const reviveEveryFailed = (tx: Db): Promise<number> => tx.$executeRaw`
  UPDATE outbox SET next_attempt_at = date_trunc('milliseconds', now()), last_error = NULL
   WHERE ${IN_STATE.failed}`;

/** Deletes a message that waits and that nobody is sending; null for any other. */
export async function deleteWaiting(
  id: string,
  tx: Db,
): Promise<Pick<MessageRow, "channel" | "kind" | "recipient"> | null> {
  if (!isId(id)) return null;
  const [row] = await tx.$queryRaw<Pick<MessageRow, "channel" | "kind" | "recipient">[]>`
    DELETE FROM outbox WHERE id = ${id}::uuid AND ${WAITING}
    RETURNING channel::text, kind, recipient`;
  return row ?? null;
}
