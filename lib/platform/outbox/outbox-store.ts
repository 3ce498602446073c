import "server-only";
import type { OutboxChannel } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import { currentTraceparent } from "@/lib/platform/tracing/spans";

export interface NewMessage {
  channel: OutboxChannel;
  kind: string;
  recipient: string;
  /** Empty for a text message, like `html`. */
  subject: string;
  text: string;
  html: string;
  /** After so long it is worthless and is not sent any more; left out for never. */
  lifetimeSeconds?: number;
}

/** Due at once: the column keeps milliseconds, and rounding up would make it due in a moment. */
export async function insertMessage(message: NewMessage, db: Db): Promise<void> {
  const { channel, kind, recipient, subject, text, html, lifetimeSeconds = null } = message;
  await db.$executeRaw`
    INSERT INTO outbox (id, channel, kind, recipient, subject, text, html, expires_at, next_attempt_at,
                        traceparent)
    VALUES (${newId()}::uuid, ${channel}::outbox_channel, ${kind}, ${recipient}, ${subject},
            ${text}, ${html}, now() + make_interval(secs => ${lifetimeSeconds}::double precision),
            date_trunc('milliseconds', now()), ${currentTraceparent()})`;
}

export interface DueMessage {
  id: string;
  kind: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  expiresAt: Date | null;
  attempts: number;
  /** Of what queued it; null where that was in no trace. */
  traceparent: string | null;
}

/**
 * Claims what is due on a channel, by one statement that skips what another worker
 * holds. The claim is a lease: a worker that dies leaves them due again.
 */
export async function claimDueMessages(
  channel: OutboxChannel,
  count: number,
  leaseSeconds: number,
): Promise<DueMessage[]> {
  const { rows } = await pool().query<DueMessage>(
    `UPDATE outbox SET attempts = attempts + 1,
                       next_attempt_at = now() + make_interval(secs => $2),
                       claimed_until = now() + make_interval(secs => $2)
      WHERE id IN (SELECT id FROM outbox
                    WHERE sent_at IS NULL AND next_attempt_at <= now() AND channel = $3
                      AND (expires_at IS NULL OR expires_at > now())
                    ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, recipient, subject, text, html, expires_at AS "expiresAt", attempts,
              traceparent`,
    [count, leaseSeconds, channel],
  );
  return rows;
}

export async function markSent(id: string): Promise<void> {
  await pool().query(
    "UPDATE outbox SET sent_at = now(), last_error = NULL, claimed_until = NULL WHERE id = $1",
    [id],
  );
}

/** Gives a claimed message back; it counts only while nobody else has claimed it since. */
export async function postpone(
  { id, attempts }: Pick<DueMessage, "id" | "attempts">,
  retryAfterSeconds: number,
  error: string,
): Promise<void> {
  await pool().query(
    `UPDATE outbox SET next_attempt_at = now() + make_interval(secs => $3), last_error = $4,
                       claimed_until = NULL
      WHERE id = $1 AND attempts = $2 AND sent_at IS NULL`,
    [id, attempts, retryAfterSeconds, error.slice(0, 500)],
  );
}

/** How many wait on each channel, and whether they were tried already; what has expired waits no more. */
export async function countWaitingMessages() {
  const { rows } = await pool().query<{
    channel: string;
    state: "due" | "retrying";
    count: number;
  }>(
    `SELECT channel::text, CASE WHEN last_error IS NULL THEN 'due' ELSE 'retrying' END AS state,
            count(*)::int AS count
       FROM outbox
      WHERE sent_at IS NULL AND (expires_at IS NULL OR expires_at > now())
      GROUP BY 1, 2`,
  );
  return rows;
}

/** The newest messages, for the page that shows them where none is sent. */
export function listNewestMessages(count: number, db: Db = prisma()) {
  return db.outboxMessage.findMany({
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: count,
    select: {
      id: true,
      channel: true,
      kind: true,
      recipient: true,
      subject: true,
      text: true,
      createdAt: true,
    },
  });
}

/** The designed part of a mail; null where there is none. */
export async function findMessageHtml(id: string, db: Db = prisma()): Promise<string | null> {
  const row = await db.outboxMessage.findUnique({ where: { id }, select: { html: true } });
  return row?.html || null;
}

export async function purgeOldMessages(keepDays: number): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM outbox WHERE created_at < now() - make_interval(days => $1)",
    [keepDays],
  );
  return rowCount ?? 0;
}
