import "server-only";
import type { Forgetting } from "@/lib/credentials/factor";
import { deviceSince, unlessKnown } from "@/lib/credentials/known-since-store";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface TotpRow {
  secret: Uint8Array<ArrayBuffer> | null;
  pendingSecret: Uint8Array<ArrayBuffer> | null;
  confirmedAt: Date | null;
  lastUsedAt: Date | null;
}

export function findTotp(userId: string, db: Db = prisma()): Promise<TotpRow | null> {
  return db.totpCredential.findUnique({
    where: { userId },
    select: { secret: true, pendingSecret: true, confirmedAt: true, lastUsedAt: true },
  });
}

/** Keeps a secret until its first code is given; one in use goes on working. */
export async function savePendingTotp(
  userId: string,
  pendingSecret: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await prisma().totpCredential.upsert({
    where: { userId },
    create: { userId, pendingSecret },
    update: { pendingSecret },
  });
}

/** Puts exactly this pending secret into use; false when it was replaced or taken meanwhile. */
export async function confirmPendingTotp(
  userId: string,
  pendingSecret: Uint8Array<ArrayBuffer>,
  { step, sessionId }: { step: number; sessionId: string },
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE credentials_totp
       SET secret = pending_secret, pending_secret = NULL, confirmed_at = now(),
           last_step = ${step}, last_used_at = now(), known_since = (${deviceSince(sessionId)})
     WHERE user_id = ${userId}::uuid AND pending_secret = ${pendingSecret}`;
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
  await db.totpCredential.updateMany({ where: { userId }, data: { pendingSecret: null } });
  return count === 1;
}
