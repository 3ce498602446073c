import "server-only";
import type { TokenPurpose } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Replaces whatever link of this purpose the user had: only the newest works (ATK-37). */
export async function replaceToken(
  id: string,
  userId: string,
  purpose: TokenPurpose,
  tokenHash: Uint8Array<ArrayBuffer>,
  lifetimeSeconds: number,
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    UPDATE verification_tokens SET consumed_at = now()
     WHERE user_id = ${userId}::uuid AND purpose = ${purpose}::token_purpose
       AND consumed_at IS NULL`;
  await db.$executeRaw`
    INSERT INTO verification_tokens (id, purpose, user_id, token_hash, expires_at)
    VALUES (${id}::uuid, ${purpose}::token_purpose, ${userId}::uuid, ${tokenHash},
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

export interface TokenRow {
  userId: string;
  purpose: TokenPurpose;
  state: "pending" | "used" | "replaced" | "expired";
}

/**
 * What a link stands for, without using it up. One that was replaced ended in the very
 * transaction in which its successor began.
 */
export async function findToken(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db = prisma(),
): Promise<TokenRow | null> {
  const rows = await db.$queryRaw<TokenRow[]>`
    SELECT user_id AS "userId", purpose::text AS purpose,
           CASE WHEN consumed_at IS NOT NULL AND EXISTS (
                       SELECT FROM verification_tokens AS newer
                        WHERE newer.user_id = link.user_id AND newer.purpose = link.purpose
                          AND newer.created_at = link.consumed_at) THEN 'replaced'
                WHEN consumed_at IS NOT NULL THEN 'used'
                WHEN expires_at <= now() THEN 'expired' ELSE 'pending' END AS state
      FROM verification_tokens AS link WHERE token_hash = ${tokenHash}`;
  return rows[0] ?? null;
}

/** One conditional statement: of parallel uses one gets the row (DEC-1). */
export async function consumeToken(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<{ userId: string; purpose: TokenPurpose } | null> {
  const rows = await db.$queryRaw<{ userId: string; purpose: TokenPurpose }[]>`
    UPDATE verification_tokens SET consumed_at = now()
     WHERE token_hash = ${tokenHash} AND consumed_at IS NULL AND expires_at > now()
    RETURNING user_id AS "userId", purpose::text AS purpose`;
  return rows[0] ?? null;
}

export async function purgeTokens(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM verification_tokens WHERE expires_at < now() - interval '7 days'`;
}
