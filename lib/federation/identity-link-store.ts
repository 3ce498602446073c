import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

type Hash = Uint8Array<ArrayBuffer>;

export interface LinkKey {
  userId: string;
  sessionId: string;
  provider: string;
}

export async function insertLink(
  id: string,
  tokenHash: Hash,
  { userId, sessionId, provider }: LinkKey,
  lifetimeSeconds: number,
): Promise<void> {
  await prisma().$executeRaw`
    INSERT INTO identity_links (id, user_id, session_id, provider, token_hash, expires_at)
    VALUES (${id}::uuid, ${userId}::uuid, ${sessionId}::uuid, ${provider}, ${tokenHash},
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

/** One conditional statement, which is also what binds it to session and provider (DEC-1). */
export async function consumeLink(
  tokenHash: Hash,
  { userId, sessionId, provider }: LinkKey,
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE identity_links SET consumed_at = now()
     WHERE token_hash = ${tokenHash} AND user_id = ${userId}::uuid
       AND session_id = ${sessionId}::uuid AND provider = ${provider}
       AND consumed_at IS NULL AND expires_at > now()`;
  return count === 1;
}

export async function deleteExpiredLinks(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM identity_links WHERE expires_at < now() - interval '7 days'`;
}
