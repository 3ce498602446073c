import "server-only";
import type { FactorOwner, Forgetting } from "@/lib/credentials/factor";
import { deviceSince, unlessKnown } from "@/lib/credentials/known-since-store";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface TotpRow {
  secret: Uint8Array<ArrayBuffer> | null;
  confirmedAt: Date | null;
  lastUsedAt: Date | null;
}

export function findTotp(userId: string, db: Db = prisma()): Promise<TotpRow | null> {
  return db.totpCredential.findUnique({
    where: { userId },
    select: { secret: true, confirmedAt: true, lastUsedAt: true },
  });
}

/** Keeps a secret for this session until its first code is given; one in use goes on working. */
export async function savePendingTotp(
  { userId, sessionId }: FactorOwner,
  pendingSecret: Uint8Array<ArrayBuffer>,
  lifetimeSeconds: number,
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO credentials_totp (user_id, pending_secret, pending_session_id, pending_until)
    VALUES (${userId}::uuid, ${pendingSecret}, ${sessionId}::uuid,
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))
    ON CONFLICT (user_id) DO UPDATE
       SET pending_secret = excluded.pending_secret,
           pending_session_id = excluded.pending_session_id,
           pending_until = excluded.pending_until`;
}

/** The secret that waits in this session, and in no other; null when it has waited too long. */
export async function findPendingSecret(
  { userId, sessionId }: FactorOwner,
  db: Db = prisma(),
): Promise<Uint8Array<ArrayBuffer> | null> {
  const rows = await db.$queryRaw<{ secret: Uint8Array<ArrayBuffer> | null }[]>`
    SELECT pending_secret AS secret FROM credentials_totp
     WHERE user_id = ${userId}::uuid AND pending_session_id = ${sessionId}::uuid
       AND pending_until > now()`;
  return rows[0]?.secret ?? null;
}

/**
 * Puts exactly this pending secret of this session into use, one conditional statement:
 * false when it was replaced or taken meanwhile, or has waited too long.
 */
export async function confirmPendingTotp(
  { userId, sessionId }: FactorOwner,
  pendingSecret: Uint8Array<ArrayBuffer>,
  step: number,
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE credentials_totp
       SET secret = pending_secret, pending_secret = NULL, pending_session_id = NULL,
           pending_until = NULL, confirmed_at = now(), last_step = ${step},
           last_used_at = now(), known_since = (${deviceSince(sessionId)})
     WHERE user_id = ${userId}::uuid AND pending_secret = ${pendingSecret}
       AND pending_session_id = ${sessionId}::uuid AND pending_until > now()`;
  return count === 1;
}

/**
 * Uses up a time step, and every earlier one, by one conditional statement: of
 * parallel uses of one code one gets true (RFC 6238 §5.2, DEC-1).
 */
export async function consumeTotpStep(
  userId: string,
  step: number,
  deviceId: string | null,
): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE credentials_totp
       SET last_step = ${step}, last_used_at = now(),
           known_since = LEAST(known_since, (SELECT d.created_at FROM devices d
                                              WHERE d.id = ${deviceId}::uuid
                                                AND d.user_id = credentials_totp.user_id))
     WHERE user_id = ${userId}::uuid AND confirmed_at IS NOT NULL AND last_step < ${step}`;
  return count === 1;
}

/** True when one was in use. One that waits for its first code goes in any case. */
export async function deleteTotp(userId: string, db: Db, which?: Forgetting): Promise<boolean> {
  const { count } = await db.totpCredential.deleteMany({
    where: { userId, confirmedAt: { gte: which?.since ?? new Date(0) }, ...unlessKnown(which) },
  });
  await db.totpCredential.updateMany({
    where: { userId },
    data: { pendingSecret: null, pendingSessionId: null, pendingUntil: null },
  });
  return count === 1;
}
