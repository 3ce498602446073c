import "server-only";
import { type AdapterPayload, errors } from "oidc-provider";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { type Db, prisma } from "@/lib/platform/db/client";
import { isForeignKeyViolation } from "@/lib/platform/db/errors";
import { pool } from "@/lib/platform/db/pool";
import { days } from "@/lib/shared/duration";

/** How long what a person allows is remembered. */
export const GRANT_LIFETIME_SECONDS = days(365);

/** A grant of an active user; null for all others. */
export const findGrant = async (id: string): Promise<AdapterPayload | null> =>
  (await lookUp(id))?.payload ?? null;

const lookUp = batchedLookup<string, { payload: AdapterPayload }>({
  name: "find-oidc-grants",
  text: `SELECT g.id AS key, g.payload FROM oidc_grants g
           JOIN users u ON u.id = g.user_id AND u.status = 'active' WHERE g.id = ANY($1::text[])`,
  textOf: (id) => id,
});

export async function saveGrant(
  id: string,
  payload: AdapterPayload,
  lifetimeSeconds: number,
): Promise<void> {
  await pool().query({
    name: "save-oidc-grant",
    text: `INSERT INTO oidc_grants (id, client_id, user_id, payload, expires_at)
           VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
           ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at
            WHERE oidc_grants.client_id = excluded.client_id AND oidc_grants.user_id = excluded.user_id`,
    values: [id, payload.clientId, payload.accountId, payload, lifetimeSeconds],
  });
}

export interface GrantToStore {
  id: string;
  payload: AdapterPayload;
  lifetimeSeconds: number;
}

/**
 * Stores a grant that a session gives, one conditional statement: false once the
 * session has ended or its user may not sign in. Whoever takes back what a user has
 * granted, or ends the session, is waited for or finds the grant (INV-2). The user
 * comes first, in the order of whoever does.
 */
export async function saveGrantOfSession(
  sessionId: string,
  { id, payload, lifetimeSeconds }: GrantToStore,
  db: Db = prisma(),
): Promise<boolean> {
  const count = await db.$executeRaw`
    WITH holder AS MATERIALIZED (
      SELECT id FROM users
       WHERE id = ${payload.accountId}::uuid AND status = 'active' FOR SHARE),
    held AS MATERIALIZED (
      SELECT s.user_id FROM holder JOIN sessions s ON s.user_id = holder.id
       WHERE s.id = ${sessionId}::uuid AND s.revoked_at IS NULL
         AND s.idle_expires_at > now() AND s.absolute_expires_at > now()
         FOR SHARE OF s)
    INSERT INTO oidc_grants (id, client_id, user_id, payload, expires_at)
    SELECT ${id}, ${payload.clientId}, user_id, ${JSON.stringify(payload)}::jsonb,
           now() + make_interval(secs => ${lifetimeSeconds}::double precision)
      FROM held
    ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at
     WHERE oidc_grants.client_id = excluded.client_id AND oidc_grants.user_id = excluded.user_id`;
  return count === 1;
}

/** Takes back a grant and all that was issued under it. */
export async function deleteGrant(id: string): Promise<void> {
  await pool().query("DELETE FROM oidc_grants WHERE id = $1", [id]);
}

/** Takes back all that a user has granted, together with the change that calls for it; returns how many. */
export const deleteGrantsOfUser = (userId: string, tx: Db): Promise<number> =>
  tx.$executeRaw`DELETE FROM oidc_grants WHERE user_id = ${userId}::uuid`;

/**
 * A grant for a token that is exchanged for one of another grant: it ends with that, and
 * is over when the token is. False when that grant has been taken back meanwhile.
 */
export async function insertExchangedGrant(
  { id, clientId, parentId }: { id: string; clientId: string; parentId: string },
  payload: AdapterPayload,
  lifetimeSeconds: number,
): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: "insert-exchanged-oidc-grant",
    text: `INSERT INTO oidc_grants (id, client_id, user_id, payload, expires_at, parent_id)
           SELECT $1, $2, p.user_id, $3, now() + make_interval(secs => $4), p.id
             FROM oidc_grants p WHERE p.id = $5 AND p.user_id = $6::uuid`,
    values: [id, clientId, payload, lifetimeSeconds, parentId, payload.accountId],
  });
  return rowCount === 1;
}

/** The newest grant of a user to a client, of those that the user gave. */
export async function findGrantIdOf(userId: string, clientId: string): Promise<string | null> {
  const { rows } = await pool().query<{ id: string }>(
    `SELECT id FROM oidc_grants WHERE user_id = $1 AND client_id = $2 AND expires_at > now() AND parent_id IS NULL
      ORDER BY created_at DESC LIMIT 1`,
    [userId, clientId],
  );
  return rows[0]?.id ?? null;
}

/** Takes back what a user has granted one client; returns how many grants there were. */
export const deleteGrantsToClient = (userId: string, clientId: string, tx: Db): Promise<number> =>
  tx.$executeRaw`
    DELETE FROM oidc_grants WHERE user_id = ${userId}::uuid AND client_id = ${clientId}`;

export interface GrantedClientRow {
  clientId: string;
  name: string;
  firstParty: boolean;
  grantedAt: Date;
  lastUsedAt: Date | null;
  payloads: object[];
}

/** The clients that a user has granted something, but one, by name. Whoever acts for these was granted nothing. */
export async function listGrantedClients(
  userId: string,
  exceptClientId: string,
): Promise<GrantedClientRow[]> {
  const { rows } = await pool().query<GrantedClientRow>({
    name: "list-granted-clients",
    text: `SELECT c.id AS "clientId", c.name, c.first_party AS "firstParty",
                  min(g.created_at) AS "grantedAt", max(a.last) AS "lastUsedAt",
                  jsonb_agg(g.payload ORDER BY g.created_at) AS payloads
             FROM oidc_grants g JOIN oidc_clients c ON c.id = g.client_id
             LEFT JOIN LATERAL (SELECT max(created_at) AS last FROM oidc_artifacts
                                 WHERE grant_id = g.id
                                   AND kind IN ('AccessToken', 'RefreshToken')) a ON true
            WHERE g.user_id = $1 AND g.client_id <> $2 AND g.expires_at > now()
              AND g.parent_id IS NULL
            GROUP BY c.id ORDER BY c.name, c.id`,
    values: [userId, exceptClientId],
  });
  return rows;
}

/** An artifact of a grant that has just been taken back cannot be stored any more. */
export async function underItsGrant<T>(save: Promise<T>): Promise<T> {
  try {
    return await save;
  } catch (error) {
    if (isForeignKeyViolation(error)) throw new errors.InvalidGrant("the grant has been revoked");
    throw error;
  }
}
