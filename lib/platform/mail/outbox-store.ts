import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface NewMail {
  kind: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
}

export async function insertMail(mail: NewMail, db: Db): Promise<void> {
  await db.outboxMail.create({ data: mail });
}

export interface DueMail extends NewMail {
  id: string;
  attempts: number;
}

/**
 * Claims mails that are due, by one statement that skips what another worker
 * holds. The claim is a lease: a worker that dies leaves them due again.
 */
export async function claimDueMails(count: number, leaseSeconds: number): Promise<DueMail[]> {
  const { rows } = await pool().query<DueMail>(
    `UPDATE outbox SET attempts = attempts + 1,
                       next_attempt_at = now() + make_interval(secs => $2)
      WHERE id IN (SELECT id FROM outbox
                    WHERE sent_at IS NULL AND next_attempt_at <= now()
                    ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, recipient, subject, text, html, attempts`,
    [count, leaseSeconds],
  );
  return rows;
}

export async function markMailSent(id: string): Promise<void> {
  await pool().query("UPDATE outbox SET sent_at = now(), last_error = NULL WHERE id = $1", [id]);
}

export async function postponeMail(
  id: string,
  retryAfterSeconds: number,
  error: string,
): Promise<void> {
  await pool().query(
    `UPDATE outbox SET next_attempt_at = now() + make_interval(secs => $2), last_error = $3
      WHERE id = $1`,
    [id, retryAfterSeconds, error.slice(0, 500)],
  );
}

/** The newest mails, for the page that shows them where no SMTP server is set. */
export function listNewestMails(count: number, db: Db = prisma()) {
  return db.outboxMail.findMany({
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: count,
    select: {
      id: true,
      kind: true,
      recipient: true,
      subject: true,
      text: true,
      createdAt: true,
    },
  });
}

/** The designed part of one of them; null where there is none. */
export async function findMailHtml(id: string, db: Db = prisma()): Promise<string | null> {
  const row = await db.outboxMail.findUnique({ where: { id }, select: { html: true } });
  return row?.html ?? null;
}

export async function purgeOldMails(keepDays: number): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM outbox WHERE created_at < now() - make_interval(days => $1)",
    [keepDays],
  );
  return rowCount ?? 0;
}
