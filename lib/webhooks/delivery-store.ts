import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";
import type { DeliveryState } from "@/lib/webhooks/webhook.schema";

/** How many messages of an endpoint wait, counted no further than asked. */
export async function countWaiting(endpointId: string, countMax: number, tx: Db): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT FROM webhook_deliveries
       WHERE endpoint_id = ${endpointId}::uuid AND next_attempt_at IS NOT NULL
       LIMIT ${countMax}) AS waiting`;
  return row?.count ?? 0;
}

/** The messages of events; one that is there already stays as it is. */
export async function insertDeliveries(
  endpointId: string,
  events: { seq: bigint; id: string; action: string }[],
  tx: Db,
): Promise<number> {
  const { count } = await tx.webhookDelivery.createMany({
    data: events.map(({ seq, id, action }) => ({
      id: newId(),
      endpointId,
      seq,
      eventId: id,
      eventType: action,
    })),
    skipDuplicates: true,
  });
  return count;
}

export async function insertTest(endpointId: string, eventType: string, tx: Db): Promise<string> {
  const data = { id: newId(), endpointId, eventType };
  return (await tx.webhookDelivery.create({ data, select: { id: true } })).id;
}

export interface DueDelivery {
  id: string;
  endpointId: string;
  /** Null for a test, as the event. */
  seq: string | null;
  eventId: string | null;
  eventType: string;
  createdAt: Date;
  attempts: number;
  url: string;
  secret: Uint8Array;
  /** Null once it is not good any more. */
  formerSecret: Uint8Array | null;
}

export interface Claim {
  /** Of endpoints where the last attempt failed, or of all others. */
  failing: boolean;
  perEndpoint: number;
  count: number;
  leaseSeconds: number;
}

/**
 * Claims what is due, a few of each endpoint, by one statement that skips what another worker
 * holds; tests before what waits. The claim is a lease: a worker that dies leaves them due again.
 */
export async function claimDueDeliveries(claim: Claim): Promise<DueDelivery[]> {
  const { rows } = await pool().query<DueDelivery>(
    `WITH due AS MATERIALIZED (
       SELECT d.id
         FROM webhook_endpoints e
        CROSS JOIN LATERAL (
              SELECT w.id, w.next_attempt_at FROM webhook_deliveries w
               WHERE w.endpoint_id = e.id AND w.next_attempt_at <= now()
               ORDER BY (w.seq IS NULL) DESC, w.next_attempt_at, w.id
               LIMIT $2 FOR UPDATE SKIP LOCKED) d
        WHERE e.enabled AND (e.failing_since IS NOT NULL) = $1
        ORDER BY d.next_attempt_at LIMIT $3)
     UPDATE webhook_deliveries w
        SET attempts = w.attempts + 1, attempted_at = now(),
            next_attempt_at = now() + make_interval(secs => $4)
       FROM due, webhook_endpoints e
      WHERE w.id = due.id AND e.id = w.endpoint_id
     RETURNING w.id, w.endpoint_id AS "endpointId", w.seq::text, w.event_id AS "eventId",
               w.event_type AS "eventType", w.created_at AS "createdAt", w.attempts, e.url,
               e.secret,
               CASE WHEN e.former_until > now() THEN e.former_secret END AS "formerSecret"`,
    [claim.failing, claim.perEndpoint, claim.count, claim.leaseSeconds],
  );
  return rows;
}

export interface Attempt {
  /** Of the HTTP answer; null when there was none. */
  status: number | null;
  durationMs: number;
}

type Claimed = Pick<DueDelivery, "id" | "attempts">;

/** What came of an attempt counts only while nobody else has begun another one. */
export async function markDelivered(claimed: Claimed, attempt: Attempt): Promise<void> {
  await pool().query(
    `UPDATE webhook_deliveries
        SET delivered_at = now(), next_attempt_at = NULL, status = $3, duration_ms = $4, error = NULL
      WHERE id = $1 AND attempts = $2 AND next_attempt_at IS NOT NULL`,
    [claimed.id, claimed.attempts, attempt.status, attempt.durationMs],
  );
}

/** The same for one that did not arrive; null gives it up. */
export async function markUndelivered(
  claimed: Claimed,
  attempt: Attempt,
  error: string,
  retryAfterSeconds: number | null,
  db: Db = prisma(),
): Promise<void> {
  await db.$executeRaw`
    UPDATE webhook_deliveries
       SET status = ${attempt.status}::int, duration_ms = ${attempt.durationMs}::int,
           error = ${error.slice(0, 500)},
           next_attempt_at = now() + make_interval(secs => ${retryAfterSeconds}::double precision)
     WHERE id = ${claimed.id}::uuid AND attempts = ${claimed.attempts}
       AND next_attempt_at IS NOT NULL`;
}

const LOGGED = {
  id: true,
  eventId: true,
  eventType: true,
  createdAt: true,
  attempts: true,
  nextAttemptAt: true,
  attemptedAt: true,
  deliveredAt: true,
  status: true,
  durationMs: true,
  error: true,
} as const satisfies Prisma.WebhookDeliverySelect;

export type DeliveryRow = Prisma.WebhookDeliveryGetPayload<{ select: typeof LOGGED }>;

const IN_STATE: Record<DeliveryState, Prisma.WebhookDeliveryWhereInput> = {
  delivered: { nextAttemptAt: null, deliveredAt: { not: null } },
  waiting: { nextAttemptAt: { not: null } },
  "given-up": { nextAttemptAt: null, deliveredAt: null },
};

/** Newest first, after one of them. */
export function listDeliveryRows(
  endpointId: string,
  state: DeliveryState | null,
  place: { id: string; walk: Walk } | null,
  countMax: number,
  db: Db = prisma(),
): Promise<DeliveryRow[]> {
  const backwards = place?.walk === "previous";
  return db.webhookDelivery.findMany({
    where: {
      endpointId,
      ...(state !== null && IN_STATE[state]),
      ...(place !== null && { id: { [backwards ? "gt" : "lt"]: place.id } }),
    },
    orderBy: { id: backwards ? "asc" : "desc" },
    take: countMax,
    select: LOGGED,
  });
}

/** Makes a message that has come to its end due again, as the same one. False for any other. */
export async function reviveDelivery(endpointId: string, id: string, tx: Db): Promise<boolean> {
  if (!isId(id)) return false;
  const count = await tx.$executeRaw`
    UPDATE webhook_deliveries SET attempts = 0, next_attempt_at = now(), delivered_at = NULL
     WHERE id = ${id}::uuid AND endpoint_id = ${endpointId}::uuid AND next_attempt_at IS NULL`;
  return count === 1;
}

/** The same for what was given up since then, oldest first. */
export function reviveGivenUp(
  endpointId: string,
  since: Date,
  countMax: number,
  tx: Db,
): Promise<number> {
  return tx.$executeRaw`
    UPDATE webhook_deliveries SET attempts = 0, next_attempt_at = now()
     WHERE id IN (SELECT id FROM webhook_deliveries
                   WHERE endpoint_id = ${endpointId}::uuid AND next_attempt_at IS NULL
                     AND delivered_at IS NULL AND created_at >= ${since} AND seq IS NOT NULL
                   ORDER BY id LIMIT ${countMax} FOR UPDATE)`;
}

/** Deletes what has come to its end so long ago. */
export async function purgeDeliveries(keepDays: number): Promise<number> {
  const { rowCount } = await pool().query(
    `DELETE FROM webhook_deliveries
      WHERE next_attempt_at IS NULL AND created_at < now() - make_interval(days => $1)`,
    [keepDays],
  );
  return rowCount ?? 0;
}
