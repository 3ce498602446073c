import "server-only";
import type { FactorOwner, Forgetting } from "@/lib/credentials/factor";
import { deviceSince, unlessKnown } from "@/lib/credentials/known-since-store";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Guesses at the codes of one flow, or of one session: a new code brings no new ones (NIST-10). */
const ATTEMPTS_MAX = 5;

/** What a code belongs to: a sign-in, or a session in which a number is being added. */
export type CodeScope = { flowId: string; sessionId: null } | { flowId: null; sessionId: string };

export interface SentCode {
  id: string;
  userId: string;
  digest: Uint8Array<ArrayBuffer>;
  lifetimeSeconds: number;
}

/**
 * Replaces whatever code the scope had; only the newest works, and guesses at
 * earlier ones stay counted. In a session they are forgotten an hour later.
 */
export async function replaceCode(
  { flowId, sessionId }: CodeScope,
  code: SentCode,
  tx: Db,
): Promise<void> {
  // Of two at once the second must see the first, or each would bring guesses of its own.
  await tx.$queryRaw`SELECT 1 FROM sign_in_flows WHERE id = ${flowId}::uuid FOR UPDATE`;
  await tx.$queryRaw`SELECT 1 FROM sessions WHERE id = ${sessionId}::uuid FOR UPDATE`;
  await tx.$executeRaw`
    UPDATE factor_challenges SET consumed_at = now()
     WHERE (flow_id = ${flowId}::uuid OR session_id = ${sessionId}::uuid)
       AND factor = 'sms-code' AND consumed_at IS NULL`;
  await tx.$executeRaw`
    INSERT INTO factor_challenges (id, factor, flow_id, session_id, user_id, digest, attempts, expires_at)
    VALUES (${code.id}::uuid, 'sms-code', ${flowId}::uuid, ${sessionId}::uuid,
            ${code.userId}::uuid, ${code.digest},
            COALESCE((SELECT attempts FROM factor_challenges
                       WHERE (flow_id = ${flowId}::uuid OR session_id = ${sessionId}::uuid)
                         AND factor = 'sms-code' AND created_at > now() - interval '1 hour'
                       ORDER BY created_at DESC LIMIT 1), 0),
            now() + make_interval(secs => ${code.lifetimeSeconds}::double precision))`;
}

/** Pays for one guess at the scope's code; null when there is none, or no guess is left. */
export async function spendGuess(
  { flowId, sessionId }: CodeScope,
  userId: string,
): Promise<{ id: string; digest: Uint8Array<ArrayBuffer> } | null> {
  const rows = await prisma().$queryRaw<{ id: string; digest: Uint8Array<ArrayBuffer> }[]>`
    UPDATE factor_challenges SET attempts = attempts + 1
     WHERE (flow_id = ${flowId}::uuid OR session_id = ${sessionId}::uuid)
       AND user_id = ${userId}::uuid AND factor = 'sms-code' AND consumed_at IS NULL
       AND expires_at > now() AND attempts < ${ATTEMPTS_MAX}
    RETURNING id, digest`;
  return rows[0] ?? null;
}

/** One conditional statement: of parallel uses of a code one gets true (DEC-1). */
export async function consumeCode(id: string, db: Db = prisma()): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE factor_challenges SET consumed_at = now(), attempts = 0
     WHERE id = ${id}::uuid AND consumed_at IS NULL AND expires_at > now()`;
  return count === 1;
}

export function findPhone(
  userId: string,
  db: Db = prisma(),
): Promise<{ number: string | null } | null> {
  return db.phoneCredential.findUnique({ where: { userId }, select: { number: true } });
}

/** The number that waits in this session, and in no other; null when it has waited too long. */
export async function findPendingNumber({
  userId,
  sessionId,
}: FactorOwner): Promise<string | null> {
  const rows = await prisma().$queryRaw<{ number: string | null }[]>`
    SELECT pending_number AS number FROM credentials_phone
     WHERE user_id = ${userId}::uuid AND pending_session_id = ${sessionId}::uuid
       AND pending_until > now()`;
  return rows[0]?.number ?? null;
}

/** Keeps a number for this session until its first code is given; one in use goes on working. */
export async function savePendingPhone(
  { userId, sessionId }: FactorOwner,
  pendingNumber: string,
  lifetimeSeconds: number,
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO credentials_phone (user_id, pending_number, pending_session_id, pending_until)
    VALUES (${userId}::uuid, ${pendingNumber}, ${sessionId}::uuid,
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))
    ON CONFLICT (user_id) DO UPDATE
       SET pending_number = excluded.pending_number,
           pending_session_id = excluded.pending_session_id,
           pending_until = excluded.pending_until`;
}

/**
 * Puts exactly this pending number of this session into use, one conditional statement:
 * false when it was replaced or taken meanwhile, or has waited too long.
 */
export async function confirmPendingPhone(
  { userId, sessionId }: FactorOwner,
  pendingNumber: string,
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE credentials_phone
       SET number = pending_number, pending_number = NULL, pending_session_id = NULL,
           pending_until = NULL, confirmed_at = now(), last_used_at = now(),
           known_since = (${deviceSince(sessionId)})
     WHERE user_id = ${userId}::uuid AND pending_number = ${pendingNumber}
       AND pending_session_id = ${sessionId}::uuid AND pending_until > now()`;
  return count === 1;
}

export async function notePhoneUse(userId: string, deviceId: string | null): Promise<void> {
  await prisma().$executeRaw`
    UPDATE credentials_phone
       SET last_used_at = now(),
           known_since = LEAST(known_since, (SELECT d.created_at FROM devices d
                                              WHERE d.id = ${deviceId}::uuid
                                                AND d.user_id = credentials_phone.user_id))
     WHERE user_id = ${userId}::uuid`;
}

/** True when one was in use. One that waits for its first code goes in any case. */
export async function deletePhone(userId: string, db: Db, which?: Forgetting): Promise<boolean> {
  const { count } = await db.phoneCredential.deleteMany({
    where: { userId, confirmedAt: { gte: which?.since ?? new Date(0) }, ...unlessKnown(which) },
  });
  await db.phoneCredential.updateMany({
    where: { userId },
    data: { pendingNumber: null, pendingSessionId: null, pendingUntil: null },
  });
  return count === 1;
}
