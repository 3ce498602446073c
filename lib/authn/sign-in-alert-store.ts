import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

export async function insertAlert(
  alert: {
    id: string;
    userId: string;
    sessionId: string;
    tokenHash: Uint8Array<ArrayBuffer>;
    lifetimeSeconds: number;
  },
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO sign_in_alerts (id, user_id, session_id, token_hash, expires_at)
    VALUES (${alert.id}::uuid, ${alert.userId}::uuid, ${alert.sessionId}::uuid, ${alert.tokenHash},
            now() + make_interval(secs => ${alert.lifetimeSeconds}::double precision))`;
}

export interface AlertRow {
  userId: string;
  state: "pending" | "used" | "expired";
}

/** What a link stands for, without using it up. */
export async function findAlert(tokenHash: Uint8Array<ArrayBuffer>): Promise<AlertRow | null> {
  const rows = await prisma().$queryRaw<AlertRow[]>`
    SELECT user_id AS "userId",
           CASE WHEN consumed_at IS NOT NULL THEN 'used'
                WHEN expires_at <= now() THEN 'expired' ELSE 'pending' END AS state
      FROM sign_in_alerts WHERE token_hash = ${tokenHash}`;
  return rows[0] ?? null;
}

export interface ConsumedAlert {
  userId: string;
  sessionId: string | null;
  signedInAt: Date;
}

/** One conditional statement: of parallel uses of a link one gets the row (DEC-1). */
export async function consumeAlert(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<ConsumedAlert | null> {
  const rows = await db.$queryRaw<ConsumedAlert[]>`
    UPDATE sign_in_alerts SET consumed_at = now()
     WHERE token_hash = ${tokenHash} AND consumed_at IS NULL AND expires_at > now()
    RETURNING user_id AS "userId", session_id AS "sessionId", created_at AS "signedInAt"`;
  return rows[0] ?? null;
}

export async function purgeAlerts(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM sign_in_alerts WHERE expires_at < now() - interval '7 days'`;
}
