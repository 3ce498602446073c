import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface DueLogout {
  id: string;
  clientId: string;
  userId: string;
  sid: string | null;
  attempts: number;
}

/**
 * Claims what is due, by one statement that skips what another worker holds. The
 * claim is a lease: a worker that dies leaves them due again.
 */
export async function claimDueLogouts(
  count: number,
  leaseSeconds: number,
  attemptsMax: number,
): Promise<DueLogout[]> {
  const { rows } = await pool().query<DueLogout>({
    name: "claim-due-logouts",
    text: `UPDATE oidc_logout_deliveries
              SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2)
            WHERE id IN (SELECT id FROM oidc_logout_deliveries
                          WHERE delivered_at IS NULL AND next_attempt_at <= now() AND attempts < $3
                          ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
           RETURNING id, client_id AS "clientId", user_id AS "userId", sid, attempts`,
    values: [count, leaseSeconds, attemptsMax],
  });
  return rows;
}

export async function markLogoutDelivered(id: string): Promise<void> {
  await pool().query(
    "UPDATE oidc_logout_deliveries SET delivered_at = now(), last_error = NULL WHERE id = $1",
    [id],
  );
}

export async function postponeLogout(
  id: string,
  retryAfterSeconds: number,
  error: string,
): Promise<void> {
  await pool().query(
    `UPDATE oidc_logout_deliveries
        SET next_attempt_at = now() + make_interval(secs => $2), last_error = $3
      WHERE id = $1`,
    [id, retryAfterSeconds, error.slice(0, 500)],
  );
}

/** What one client was told or is to be told, newest first. */
export function listLogoutRows(clientId: string, count: number, db: Db = prisma()) {
  return db.oidcLogoutDelivery.findMany({
    where: { clientId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: count,
  });
}

/** Makes a message that was given up, or that waits, due now. False when it has arrived or is not there. */
export async function reviveLogout(clientId: string, id: string, db: Db): Promise<boolean> {
  const revived = await db.$executeRaw`
    UPDATE oidc_logout_deliveries SET attempts = 0, next_attempt_at = now()
     WHERE id = ${id}::uuid AND client_id = ${clientId} AND delivered_at IS NULL`;
  return revived === 1;
}

/** Deletes what was queued so long ago, whatever became of it; returns how many. */
export async function purgeOldLogouts(keepDays: number): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM oidc_logout_deliveries WHERE created_at < now() - make_interval(days => $1)",
    [keepDays],
  );
  return rowCount ?? 0;
}
