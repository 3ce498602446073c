import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface NewInitialToken {
  id: string;
  name: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  scopes: string[];
  usesMax: number;
}

export async function insertInitialToken(
  { id, name, tokenHash, scopes, usesMax }: NewInitialToken,
  lifetimeSeconds: number,
  tx: Db,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO oidc_initial_tokens (id, name, token_hash, scopes, uses_max, expires_at)
    VALUES (${id}::uuid, ${name}, ${tokenHash}, ${scopes}, ${usesMax},
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

export const listInitialTokenRows = () =>
  prisma().oidcInitialToken.findMany({
    omit: { tokenHash: true },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });

export async function deleteInitialToken(id: string, tx: Db): Promise<boolean> {
  return (await tx.oidcInitialToken.deleteMany({ where: { id } })).count === 1;
}

/** What a client may get by a token that is still good for one more. */
export async function findUsableInitialToken(
  hash: Uint8Array,
): Promise<{ id: string; scopes: string[]; expiresAt: Date } | null> {
  const { rows } = await pool().query<{ id: string; scopes: string[]; expiresAt: Date }>(
    `SELECT id, scopes, expires_at AS "expiresAt" FROM oidc_initial_tokens
      WHERE token_hash = $1 AND expires_at > now() AND uses < uses_max`,
    [Buffer.from(hash)],
  );
  return rows[0] ?? null;
}

/** Uses a token once more; false when it is used up or over. One conditional statement (DEC-1). */
export async function useInitialToken(
  hash: Uint8Array<ArrayBuffer>,
  tx: Db,
): Promise<{ id: string } | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE oidc_initial_tokens SET uses = uses + 1
     WHERE token_hash = ${hash} AND expires_at > now() AND uses < uses_max RETURNING id`;
  return rows[0] ?? null;
}
