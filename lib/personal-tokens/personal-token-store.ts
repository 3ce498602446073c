import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import {
  OF_ACTIVE_MEMBERS,
  PRINCIPAL_COLUMNS,
  PRINCIPAL_JOINS,
  type PrincipalRow,
  singleSignOnMissing,
} from "@/lib/sessions/principal-row";

/** Through which connection a token's session came, while that is what it was then. */
const CONNECTION = `(SELECT c.id FROM connections c
                              WHERE c.id = s.connection_id AND c.issuer = s.connection_issuer)`;

export interface LiveTokenRow extends PrincipalRow {
  scopes: string[];
  touchDue: boolean;
}

/**
 * Whose token it is and what they are held to, while it has not expired and they
 * are active and a member where it was made. One statement, by the database's clock.
 */
export async function findLiveToken(tokenHash: Uint8Array): Promise<LiveTokenRow | null> {
  const { rows } = await pool().query<LiveTokenRow>({
    name: "find-live-personal-token",
    text: `SELECT ${PRINCIPAL_COLUMNS}, ${singleSignOnMissing(CONNECTION)} AS "singleSignOnMissing", s.scopes,
                  COALESCE(s.last_used_at < now() - interval '1 minute', true) AS "touchDue"
             FROM personal_tokens s
             ${OF_ACTIVE_MEMBERS}
             ${PRINCIPAL_JOINS}
            WHERE s.token_hash = $1 AND s.expires_at > now()`,
    values: [Buffer.from(tokenHash)],
  });
  return rows[0] ?? null;
}

/** When a token was last used, at most once a minute, also by many at once. */
export async function touchToken(id: string): Promise<void> {
  await pool().query({
    name: "touch-personal-token",
    text: `UPDATE personal_tokens SET last_used_at = now()
            WHERE id = $1 AND COALESCE(last_used_at < now() - interval '1 minute', true)`,
    values: [id],
  });
}

export interface NewTokenRow {
  id: string;
  userId: string;
  organizationId: string;
  name: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  scopes: string[];
  acr: string;
  amr: string[];
  /** The session that makes it: what it came through counts for the token, too. */
  sessionId: string;
  lifetimeDays: number;
}

/** Returns since when and until when it is good. */
export async function insertToken(
  token: NewTokenRow,
  db: Db,
): Promise<{ createdAt: Date; expiresAt: Date }> {
  const [row] = await db.$queryRaw<[{ createdAt: Date; expiresAt: Date }]>`
    INSERT INTO personal_tokens (id, user_id, organization_id, name, token_hash, scopes, acr, amr,
                                 connection_id, connection_issuer, expires_at)
    SELECT ${token.id}::uuid, ${token.userId}::uuid, ${token.organizationId}::uuid, ${token.name},
           ${token.tokenHash}, ${token.scopes}, ${token.acr}, ${token.amr}, c.id, c.issuer,
           now() + make_interval(days => ${token.lifetimeDays}::int)
      FROM (SELECT 1) AS one
      LEFT JOIN upstream_sessions v ON v.session_id = ${token.sessionId}::uuid
      LEFT JOIN connections c ON c.id = v.connection_id AND c.issuer = v.issuer
    RETURNING created_at AS "createdAt", expires_at AS "expiresAt"`;
  return row;
}

const SHOWN = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const;

/** The tokens of a user in an organization, newest first; expired ones are there until they are purged. */
export function listTokenRows(userId: string, organizationId: string, db: Db = prisma()) {
  return db.personalToken.findMany({
    where: { userId, organizationId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: SHOWN,
  });
}

export function countTokens(userId: string, db: Db): Promise<number> {
  return db.personalToken.count({ where: { userId } });
}

/** Which of a user's tokens; nothing said, all of them. */
export interface TokenMatch {
  only?: string | null;
  organizationId?: string | null;
}

/** Deletes the tokens of the user that match; returns what is gone. Of many callers each is given what it deleted. */
export function deleteTokens(
  userId: string,
  { only = null, organizationId = null }: TokenMatch,
  db: Db,
): Promise<{ id: string; name: string }[]> {
  return db.$queryRaw<{ id: string; name: string }[]>`
    DELETE FROM personal_tokens
     WHERE user_id = ${userId}::uuid AND (${only}::uuid IS NULL OR id = ${only}::uuid)
       AND (${organizationId}::uuid IS NULL OR organization_id = ${organizationId}::uuid)
    RETURNING id, name`;
}

/** Deletes tokens that expired this long ago; returns how many. */
export async function deleteExpiredTokens(keepDays: number): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM personal_tokens WHERE expires_at < now() - make_interval(days => $1)",
    [keepDays],
  );
  return rowCount ?? 0;
}
