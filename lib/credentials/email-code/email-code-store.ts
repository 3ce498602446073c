import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Guesses that one code takes before a new one is needed (F4). */
const ATTEMPTS_MAX = 5;

export interface SentCode {
  id: string;
  flowId: string;
  userId: string | null;
  digest: Uint8Array<ArrayBuffer>;
  /** Of the link that answers as well, where one was sent. */
  linkHash: Uint8Array<ArrayBuffer> | null;
  lifetimeSeconds: number;
}

/** Replaces whatever code the flow had: only the newest works (ATK-37). */
export async function replaceCode(code: SentCode, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE factor_challenges SET consumed_at = now()
     WHERE flow_id = ${code.flowId}::uuid AND factor = 'email-code' AND consumed_at IS NULL`;
  await db.$executeRaw`
    INSERT INTO factor_challenges (id, factor, flow_id, user_id, digest, link_hash, expires_at)
    VALUES (${code.id}::uuid, 'email-code', ${code.flowId}::uuid, ${code.userId}::uuid,
            ${code.digest}, ${code.linkHash},
            now() + make_interval(secs => ${code.lifetimeSeconds}::double precision))`;
}

/** Whether the flow has a code that can still be given. */
export async function hasOpenCode(flowId: string): Promise<boolean> {
  const rows = await prisma().$queryRaw<unknown[]>`
    SELECT 1 FROM factor_challenges
     WHERE flow_id = ${flowId}::uuid AND factor = 'email-code' AND link_hash IS NULL
       AND consumed_at IS NULL AND expires_at > now() AND attempts < ${ATTEMPTS_MAX}
     LIMIT 1`;
  return rows.length > 0;
}

/** Pays for one guess at the flow's code; null when there is none, or no guess is left. */
export async function spendGuess(
  flowId: string,
  userId: string | null,
): Promise<{ id: string; digest: Uint8Array<ArrayBuffer> } | null> {
  const rows = await prisma().$queryRaw<{ id: string; digest: Uint8Array<ArrayBuffer> }[]>`
    UPDATE factor_challenges SET attempts = attempts + 1
     WHERE flow_id = ${flowId}::uuid AND user_id IS NOT DISTINCT FROM ${userId}::uuid
       AND factor = 'email-code' AND consumed_at IS NULL AND expires_at > now() AND attempts < ${ATTEMPTS_MAX}
    RETURNING id, digest`;
  return rows[0] ?? null;
}

/** One conditional statement: of parallel uses of a code one gets true (DEC-1). */
export async function consumeCode(id: string): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE factor_challenges SET consumed_at = now()
     WHERE id = ${id}::uuid AND consumed_at IS NULL AND expires_at > now()`;
  return count === 1;
}

export interface LinkRow {
  flowId: string;
  userId: string | null;
  state: "pending" | "used" | "expired";
}

/** What a link stands for, without using it up. */
export async function findLink(linkHash: Uint8Array<ArrayBuffer>): Promise<LinkRow | null> {
  const rows = await prisma().$queryRaw<LinkRow[]>`
    SELECT flow_id AS "flowId", user_id AS "userId",
           CASE WHEN consumed_at IS NOT NULL THEN 'used'
                WHEN expires_at <= now() THEN 'expired' ELSE 'pending' END AS state
      FROM factor_challenges WHERE link_hash = ${linkHash} AND factor = 'email-code'`;
  return rows[0] ?? null;
}

/** The user whom the link signs in, once; null for a used, expired or unknown one (DEC-1). */
export async function consumeLink(linkHash: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const rows = await prisma().$queryRaw<{ userId: string | null }[]>`
    UPDATE factor_challenges SET consumed_at = now()
     WHERE link_hash = ${linkHash} AND factor = 'email-code'
       AND consumed_at IS NULL AND expires_at > now()
    RETURNING user_id AS "userId"`;
  return rows[0]?.userId ?? null;
}
