import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import {
  OF_ACTIVE_MEMBERS,
  PRINCIPAL_COLUMNS,
  PRINCIPAL_JOINS,
  type PrincipalRow,
} from "@/lib/sessions/principal-row";
import { isId } from "@/lib/shared/id.schema";
import { SESSION_LIMITS } from "@/lib/shared/session-level";

export interface ActiveSessionRow extends PrincipalRow {
  deviceTrusted: boolean;
  idleBeyondSeconds: number | null;
  authTime: Date;
  touchDue: boolean;
}

/** The limits of each level as rows, so that SQL and the interface say the same. */
const LIMITS_OF_LEVELS = Object.entries(SESSION_LIMITS)
  .map(
    ([level, { overallSeconds, idleSeconds }]) =>
      `('${level}', ${overallSeconds}, ${idleSeconds ?? "NULL"})`,
  )
  .join(", ");

/** Sessions of active members, with the rules and the limits of their organization. */
const SESSIONS = `sessions s
             ${OF_ACTIVE_MEMBERS}
             LEFT JOIN (VALUES ${LIMITS_OF_LEVELS}) AS l (level, overall, idle)
               ON l.level = p.session_level::text`;

/** Which of {@link SESSIONS} open doors: the one place that says so. */
const OPENS_DOORS = `s.revoked_at IS NULL
              AND s.idle_expires_at > now()
              AND s.absolute_expires_at > now()
              AND (l.overall IS NULL
                   OR s.created_at > now() - make_interval(secs => l.overall))
              AND (p.session_hours_max IS NULL
                   OR s.created_at > now() - make_interval(hours => p.session_hours_max))`;

/**
 * The one query of every authenticated request (D5), a named prepared
 * statement: session alive, user active, still a member, and the version of
 * what they may do. All expiry is judged by the database's clock (D19).
 */
export async function findActiveSession(
  tokenHash: Uint8Array,
  touchAfterSeconds: number,
): Promise<ActiveSessionRow | null> {
  const { rows } = await pool().query<ActiveSessionRow>({
    name: "find-active-session",
    text: `SELECT ${PRINCIPAL_COLUMNS},
                  s.auth_time AS "authTime",
                  COALESCE(d.trusted_until > now()
                             AND (p.trusted_device_days IS NULL OR COALESCE(
                               d.trusted_at + make_interval(days => p.trusted_device_days) > now(),
                               p.trusted_device_days > 0)),
                           false) AS "deviceTrusted",
                  CASE WHEN GREATEST(s.last_seen_at, s.auth_time)
                            < now() - make_interval(secs => l.idle) THEN l.idle END
                    AS "idleBeyondSeconds",
                  s.last_seen_at < now() - make_interval(secs => $2) AS "touchDue"
             FROM ${SESSIONS}
             ${PRINCIPAL_JOINS}
             LEFT JOIN devices d ON d.id = s.device_id
            WHERE s.token_hash = $1
              AND ${OPENS_DOORS}`,
    values: [Buffer.from(tokenHash), touchAfterSeconds],
  });
  return rows[0] ?? null;
}

/** True while the session lives; it then does not end before the transaction does. */
export async function holdLiveSession(id: string, userId: string, db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM sessions
     WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND revoked_at IS NULL
       AND idle_expires_at > now() AND absolute_expires_at > now() FOR SHARE`;
  return rows.length === 1;
}

/**
 * Raises a live session's class, never lowers it, and replaces its secret. One
 * conditional statement: null for a session that has ended.
 */
export async function raiseSessionRow(
  {
    userId,
    sessionId,
    acr,
    amr,
  }: { userId: string; sessionId: string; acr: string; amr: string[] },
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<{ acr: string; amr: string[] } | null> {
  const rows = await db.$queryRaw<{ acr: string; amr: string[] }[]>`
    UPDATE sessions
       SET token_hash = ${tokenHash}, auth_time = now(), acr = GREATEST(acr, ${acr}),
           amr = ARRAY(SELECT DISTINCT unnest(amr || ${amr}::text[]))
     WHERE id = ${sessionId}::uuid AND user_id = ${userId}::uuid AND revoked_at IS NULL
       AND idle_expires_at > now() AND absolute_expires_at > now()
    RETURNING acr, amr`;
  return rows[0] ?? null;
}

export interface UsableSessionRow {
  tokenHash: Uint8Array;
  sessionId: string;
  userId: string;
  email: string;
  name: string | null;
}

/** Those of these sessions that still open something, by the terms of {@link findActiveSession}. */
export async function findLiveSessions(tokenHashes: Uint8Array[]): Promise<UsableSessionRow[]> {
  const { rows } = await pool().query<UsableSessionRow>({
    name: "find-live-sessions",
    text: `SELECT s.token_hash AS "tokenHash", s.id AS "sessionId", u.id AS "userId", u.email, u.name
             FROM ${SESSIONS}
            WHERE s.token_hash = ANY($1::bytea[])
              AND ${OPENS_DOORS}`,
    values: [tokenHashes.map((hash) => Buffer.from(hash))],
  });
  return rows;
}

/** Whose session it is, while it opens doors; judged as {@link findLiveSessions} does. */
export const findLiveSessionOwner = async (sessionId: string): Promise<string | null> =>
  isId(sessionId) ? ((await lookUpOwner(sessionId))?.userId ?? null) : null;

const lookUpOwner = batchedLookup<string, { userId: string }>({
  name: "find-live-session-owners",
  text: `SELECT s.id AS key, s.user_id AS "userId"
           FROM ${SESSIONS}
          WHERE s.id = ANY($1::uuid[])
            AND ${OPENS_DOORS}`,
  textOf: (id) => id.toLowerCase(),
});

/**
 * Replaces the secret of a session that still opens something, and nothing else
 * of it. One conditional statement: of two with the same former secret one gets it.
 */
export async function resumeSessionRow(
  { former, next }: Record<"former" | "next", Uint8Array<ArrayBuffer>>,
  db: Db,
): Promise<{ sessionId: string; userId: string } | null> {
  const rows = await db.$queryRaw<{ sessionId: string; userId: string }[]>`
    UPDATE sessions s SET token_hash = ${next}
      FROM users u, memberships m
      LEFT JOIN sign_in_policies p ON p.organization_id = m.organization_id
      LEFT JOIN (VALUES ${Prisma.raw(LIMITS_OF_LEVELS)}) AS l (level, overall, idle)
        ON l.level = p.session_level::text
     WHERE s.token_hash = ${former} AND s.revoked_at IS NULL
       AND s.idle_expires_at > now() AND s.absolute_expires_at > now()
       AND u.id = s.user_id AND u.status = 'active'
       AND m.organization_id = s.organization_id AND m.user_id = s.user_id
       AND (l.overall IS NULL OR s.created_at > now() - make_interval(secs => l.overall))
       AND (p.session_hours_max IS NULL
            OR s.created_at > now() - make_interval(hours => p.session_hours_max))
    RETURNING s.id AS "sessionId", s.user_id AS "userId"`;
  return rows[0] ?? null;
}

/** Moves the idle expiry on, never past the absolute one and never of an ended session. */
export async function touchSession(id: string, idleLifetimeSeconds: number): Promise<void> {
  await pool().query({
    name: "touch-session",
    text: `UPDATE sessions
              SET last_seen_at = now(),
                  idle_expires_at = GREATEST(idle_expires_at,
                    LEAST(now() + make_interval(secs => $2), absolute_expires_at))
            WHERE id = $1 AND revoked_at IS NULL AND idle_expires_at > now()`,
    values: [id, idleLifetimeSeconds],
  });
}

export interface NewSession {
  id: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  userId: string;
  organizationId: string;
  deviceId: string | null;
  ip: string | null;
  userAgent: string | null;
  acr: string;
  amr: string[];
  idleLifetimeSeconds: number;
  absoluteLifetimeSeconds: number;
}

export async function insertSession(session: NewSession, db: Db): Promise<void> {
  await db.$executeRaw`
    INSERT INTO sessions (id, token_hash, user_id, organization_id, device_id, ip, user_agent,
                          acr, amr, auth_time, idle_expires_at, absolute_expires_at)
    VALUES (${session.id}::uuid, ${session.tokenHash}, ${session.userId}::uuid,
            ${session.organizationId}::uuid, ${session.deviceId}::uuid, ${session.ip},
            ${session.userAgent}, ${session.acr}, ${session.amr}, now(),
            now() + make_interval(secs => ${session.idleLifetimeSeconds}::double precision),
            now() + make_interval(secs => ${session.absoluteLifetimeSeconds}::double precision))`;
}

export interface SwitchedSession {
  userId: string;
  formerSessionId: string;
  formerOrganizationId: string;
}

/**
 * Ends a live session and opens its successor in another organization of its user, by one
 * conditional statement: of two that switch at once one gets a row. What was proven, and how long
 * it counts, stays as it was; so does the session at the provider that it came from.
 */
export async function switchSessionRow(
  { former, next }: Record<"former" | "next", Uint8Array<ArrayBuffer>>,
  { id, organizationId, reason }: { id: string; organizationId: string; reason: string },
  db: Db,
): Promise<SwitchedSession | null> {
  const rows = await db.$queryRaw<SwitchedSession[]>`
    WITH ended AS (
      UPDATE sessions s SET revoked_at = now(), revoked_reason = ${reason}
        FROM users u, memberships m
        LEFT JOIN sign_in_policies p ON p.organization_id = m.organization_id
        LEFT JOIN (VALUES ${Prisma.raw(LIMITS_OF_LEVELS)}) AS l (level, overall, idle)
          ON l.level = p.session_level::text
       WHERE s.token_hash = ${former} AND s.revoked_at IS NULL
         AND s.idle_expires_at > now() AND s.absolute_expires_at > now()
         AND s.organization_id <> ${organizationId}::uuid
         AND u.id = s.user_id AND u.status = 'active'
         AND m.organization_id = ${organizationId}::uuid AND m.user_id = s.user_id
         AND (l.overall IS NULL OR s.created_at > now() - make_interval(secs => l.overall))
         AND (p.session_hours_max IS NULL
              OR s.created_at > now() - make_interval(hours => p.session_hours_max))
      RETURNING s.*),
    opened AS (
      INSERT INTO sessions (id, token_hash, user_id, organization_id, device_id, ip, user_agent,
                            acr, amr, auth_time, created_at, idle_expires_at, absolute_expires_at)
      SELECT ${id}::uuid, ${next}, user_id, ${organizationId}::uuid, device_id, ip, user_agent,
             acr, amr, auth_time, created_at, idle_expires_at, absolute_expires_at
        FROM ended),
    kept AS (
      UPDATE upstream_sessions SET session_id = ${id}::uuid
       WHERE session_id IN (SELECT id FROM ended))
    SELECT user_id AS "userId", id AS "formerSessionId", organization_id AS "formerOrganizationId"
      FROM ended`;
  return rows[0] ?? null;
}

/** Where an organization is used from; empty is anywhere. */
export async function listNetworksOf(organizationId: string, db: Db): Promise<string[]> {
  const where = { organizationId };
  const policy = await db.signInPolicy.findUnique({ where, select: { networks: true } });
  return policy?.networks ?? [];
}

/** In which organization a user was last: their next sign-in opens that one. */
export async function noteOrganization(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    UPDATE memberships SET last_used_at = now()
     WHERE user_id = ${userId}::uuid AND organization_id = ${organizationId}::uuid`;
}

/** When a user last signed in is when their newest session began, also after that is purged. */
export async function noteSignIn(userId: string, db: Db): Promise<void> {
  await db.$executeRaw`UPDATE users SET last_sign_in_at = now() WHERE id = ${userId}::uuid`;
}

const LIVE = { revokedAt: null } as const;

/** The sessions of a user that still open doors, last used first. */
export async function listLiveSessions(userId: string, db: Db = prisma()) {
  const now = await databaseNow(db);
  return db.session.findMany({
    where: {
      userId,
      ...LIVE,
      idleExpiresAt: { gt: now },
      absoluteExpiresAt: { gt: now },
    },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
    select: {
      id: true,
      ip: true,
      userAgent: true,
      acr: true,
      amr: true,
      createdAt: true,
      lastSeenAt: true,
      absoluteExpiresAt: true,
    },
  });
}

/** The live sessions of a user beyond the newest so many. */
export async function listExcessSessions(userId: string, keep: number, db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM sessions
     WHERE user_id = ${userId}::uuid AND revoked_at IS NULL
       AND idle_expires_at > now() AND absolute_expires_at > now()
     ORDER BY created_at DESC, id DESC OFFSET ${keep}::int`;
  return rows.map(({ id }) => id);
}

async function databaseNow(db: Db): Promise<Date> {
  const [row] = await db.$queryRaw<[{ now: Date }]>`SELECT now() AS now`;
  return row.now;
}

/** The session behind a cookie and whose it is, also of a user who may no longer use it. */
export function findSessionOwner(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<{ id: string; userId: string } | null> {
  return db.session.findUnique({ where: { tokenHash }, select: { id: true, userId: true } });
}

/** Which of a user's sessions; nothing said, all of them. */
export interface SessionMatch {
  only?: string;
  except?: string | null;
  organizationId?: string;
}

/**
 * Ends the live sessions of a user that match, by one conditional statement,
 * and returns their ids: those already ended are not ended twice.
 */
export async function revokeSessionRows(
  userId: string,
  match: SessionMatch,
  reason: string,
  db: Db,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE sessions SET revoked_at = now(), revoked_reason = ${reason}
     WHERE user_id = ${userId}::uuid AND revoked_at IS NULL
       AND (${match.only ?? null}::uuid IS NULL OR id = ${match.only ?? null}::uuid)
       AND (${match.except ?? null}::uuid IS NULL OR id <> ${match.except ?? null}::uuid)
       AND (${match.organizationId ?? null}::uuid IS NULL
            OR organization_id = ${match.organizationId ?? null}::uuid)
    RETURNING id`;
  return rows.map((row) => row.id);
}

export const deleteSessionsOfOrganization = (organizationId: string, db: Db): Promise<number> =>
  db.$executeRaw`DELETE FROM sessions WHERE organization_id = ${organizationId}::uuid`;

/** Deletes sessions that ended or expired this long ago; returns how many. */
export async function purgeEndedSessions(keepDays: number): Promise<number> {
  const { rowCount } = await pool().query(
    `DELETE FROM sessions
      WHERE LEAST(COALESCE(revoked_at, absolute_expires_at), idle_expires_at)
            < now() - make_interval(days => $1)`,
    [keepDays],
  );
  return rowCount ?? 0;
}

/** Under which hash a session's secret is stored now; it changes whenever the session is raised. */
export async function findSessionTokenHash(id: string, userId: string): Promise<Uint8Array | null> {
  const { rows } = await pool().query<{ hash: Uint8Array }>({
    name: "find-session-token-hash",
    text: "SELECT token_hash AS hash FROM sessions WHERE id = $1 AND user_id = $2",
    values: [id, userId],
  });
  return rows[0]?.hash ?? null;
}
