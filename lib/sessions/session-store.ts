import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import {
  OF_ACTIVE_MEMBERS,
  PRINCIPAL_COLUMNS,
  PRINCIPAL_JOINS,
  type PrincipalRow,
  singleSignOnMissing,
  TERMS_PENDING,
} from "@/lib/sessions/principal-row";
import {
  CONNECTION,
  DEVICE_TRUSTED,
  IDLE_BEYOND,
  IS_ALIVE,
  IS_OWN,
  IS_WITHIN_LIMITS,
} from "@/lib/sessions/session-terms";
import { isId } from "@/lib/shared/id.schema";

export interface ActiveSessionRow extends PrincipalRow {
  deviceTrusted: boolean;
  idleBeyondSeconds: number | null;
  authTime: Date;
  lastSeenAt: Date;
  /** All of these are null of a session of the user's own. */
  impersonatorId: string | null;
  impersonatorEmail: string | null;
  impersonatorName: string | null;
  impersonatorSessionId: string | null;
  impersonationReason: string | null;
  endsAt: Date;
}

/** Sessions of active members, with the rules of their organization. */
const SESSIONS = `sessions s
             ${OF_ACTIVE_MEMBERS}`;

/** Which of {@link SESSIONS} open doors: the one place that says so. */
const OPENS_DOORS = `${IS_ALIVE} AND ${IS_WITHIN_LIMITS}`;

/** The same for whatever knows of nobody who acts for somebody else. */
const OPENS_OWN_DOORS = `${OPENS_DOORS} AND ${IS_OWN}`;

/** Sessions that open doors, with what is asked of each, where this holds. */
const activeSessions = (key: string, where: string): string => `SELECT ${key} AS key,
                  ${PRINCIPAL_COLUMNS}, ${singleSignOnMissing(CONNECTION)} AS "singleSignOnMissing",
                  ${TERMS_PENDING} AS "termsPending",
                  s.auth_time AS "authTime",
                  ${DEVICE_TRUSTED} AS "deviceTrusted",
                  ${IDLE_BEYOND} AS "idleBeyondSeconds",
                  s.last_seen_at AS "lastSeenAt",
                  s.impersonator_id AS "impersonatorId", a.email AS "impersonatorEmail",
                  a.name AS "impersonatorName",
                  s.impersonator_session_id AS "impersonatorSessionId",
                  s.impersonation_reason AS "impersonationReason",
                  s.absolute_expires_at AS "endsAt"
             FROM ${SESSIONS}
             ${PRINCIPAL_JOINS}
             LEFT JOIN devices d ON d.id = s.device_id
             LEFT JOIN users a ON a.id = s.impersonator_id
            WHERE ${where}
              AND ${OPENS_DOORS}`;

/**
 * The one query of every authenticated request (D5), a named prepared
 * statement: session alive, user active, still a member, and the version of
 * what they may do. All expiry is judged by the database's clock (D19). Requests
 * that come at once share a round trip, and none is told what was read before it came.
 */
export const findActiveSession = (tokenHash: Uint8Array): Promise<ActiveSessionRow | null> =>
  lookUpBySecret(Buffer.from(tokenHash));

const lookUpBySecret = batchedLookup<Buffer, ActiveSessionRow>({
  name: "find-active-sessions",
  text: activeSessions("s.token_hash", "s.token_hash = ANY($1::bytea[])"),
  textOf: (tokenHash) => tokenHash.toString("latin1"),
});

/** The same by the session's id, where that is a session of this user. */
export async function findActiveSessionOf(
  id: string,
  userId: string,
): Promise<ActiveSessionRow | null> {
  const row = isId(id) ? await lookUpById(id) : null;
  return row?.userId === userId ? row : null;
}

const lookUpById = batchedLookup<string, ActiveSessionRow>({
  name: "find-active-sessions-by-id",
  text: activeSessions("s.id", "s.id = ANY($1::uuid[])"),
  textOf: (id) => id.toLowerCase(),
});

/** True while the session, which is its user's own, lives; it then does not end before the transaction does. */
export async function holdLiveSession(id: string, userId: string, db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM sessions
     WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND revoked_at IS NULL
       AND idle_expires_at > now() AND absolute_expires_at > now()
       AND impersonator_id IS NULL FOR SHARE`;
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
       AND idle_expires_at > now() AND absolute_expires_at > now() AND impersonator_id IS NULL
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
              AND ${OPENS_OWN_DOORS}`,
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
            AND ${OPENS_OWN_DOORS}`,
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
     WHERE s.token_hash = ${former} AND s.revoked_at IS NULL
       AND s.idle_expires_at > now() AND s.absolute_expires_at > now() AND ${Prisma.raw(IS_OWN)}
       AND u.id = s.user_id AND u.status = 'active'
       AND m.organization_id = s.organization_id AND m.user_id = s.user_id
       AND ${Prisma.raw(IS_WITHIN_LIMITS)}
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
  impersonation?: { userId: string; sessionId: string; reason: string };
}

export async function insertSession(session: NewSession, db: Db): Promise<void> {
  await db.$executeRaw`
    INSERT INTO sessions (id, token_hash, user_id, organization_id, device_id, ip, user_agent,
                          acr, amr, auth_time, idle_expires_at, absolute_expires_at,
                          impersonator_id, impersonator_session_id, impersonation_reason)
    VALUES (${session.id}::uuid, ${session.tokenHash}, ${session.userId}::uuid,
            ${session.organizationId}::uuid, ${session.deviceId}::uuid, ${session.ip},
            ${session.userAgent}, ${session.acr}, ${session.amr}, now(),
            now() + make_interval(secs => ${session.idleLifetimeSeconds}::double precision),
            now() + make_interval(secs => ${session.absoluteLifetimeSeconds}::double precision),
            ${session.impersonation?.userId ?? null}::uuid,
            ${session.impersonation?.sessionId ?? null}::uuid,
            ${session.impersonation?.reason ?? null})`;
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
       WHERE s.token_hash = ${former} AND s.revoked_at IS NULL
         AND s.idle_expires_at > now() AND s.absolute_expires_at > now()
         AND s.organization_id <> ${organizationId}::uuid AND ${Prisma.raw(IS_OWN)}
         AND u.id = s.user_id AND u.status = 'active'
         AND m.organization_id = ${organizationId}::uuid AND m.user_id = s.user_id
         AND ${Prisma.raw(IS_WITHIN_LIMITS)}
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
