import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface ActiveSessionRow {
  sessionId: string;
  userId: string;
  email: string;
  name: string | null;
  organizationId: string;
  organizationName: string;
  acr: string;
  amr: string[];
  authTime: Date;
  secondFactorEnrolled: boolean;
  mfaRequired: boolean;
  adminMfaRequired: boolean;
  passwordExpired: boolean;
  deviceTrusted: boolean;
  grantsVersion: string;
  touchDue: boolean;
}

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
    text: `SELECT s.id AS "sessionId", u.id AS "userId", u.email, u.name,
                  s.organization_id AS "organizationId", o.name AS "organizationName",
                  s.acr, s.amr, s.auth_time AS "authTime",
                  EXISTS (SELECT 1 FROM credentials_passkey c WHERE c.user_id = u.id)
                    OR EXISTS (SELECT 1 FROM credentials_totp c
                                WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL)
                    OR EXISTS (SELECT 1 FROM credentials_phone c
                                WHERE c.user_id = u.id AND c.confirmed_at IS NOT NULL)
                    AS "secondFactorEnrolled",
                  COALESCE(p.mfa_required, false) OR EXISTS (
                    SELECT 1 FROM user_roles ur JOIN roles r ON r.id = ur.role_id
                     WHERE ur.user_id = u.id AND r.mfa_required
                       AND (ur.organization_id IS NULL OR ur.organization_id = s.organization_id)
                       AND (ur.expires_at IS NULL OR ur.expires_at > now())) AS "mfaRequired",
                  COALESCE(p.admin_mfa_required, false) AS "adminMfaRequired",
                  COALESCE(w.changed_at < now() - make_interval(days => p.password_max_age_days),
                           false) AS "passwordExpired",
                  COALESCE(d.trusted_until > now() AND COALESCE(p.trusted_device_days, 1) > 0,
                           false) AS "deviceTrusted",
                  u.grants_version || '.' || i.authz_version AS "grantsVersion",
                  s.last_seen_at < now() - make_interval(secs => $2) AS "touchDue"
             FROM sessions s
             JOIN users u ON u.id = s.user_id AND u.status = 'active'
             JOIN organizations o ON o.id = s.organization_id
             JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id
             LEFT JOIN sign_in_policies p ON p.organization_id = s.organization_id
             LEFT JOIN credentials_password w ON w.user_id = s.user_id
             LEFT JOIN devices d ON d.id = s.device_id
            CROSS JOIN instance i
            WHERE s.token_hash = $1
              AND s.revoked_at IS NULL
              AND s.idle_expires_at > now()
              AND s.absolute_expires_at > now()`,
    values: [Buffer.from(tokenHash), touchAfterSeconds],
  });
  return rows[0] ?? null;
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

/** Moves the idle expiry, never past the absolute one and never of an ended session. */
export async function touchSession(id: string, idleLifetimeSeconds: number): Promise<void> {
  await pool().query({
    name: "touch-session",
    text: `UPDATE sessions
              SET last_seen_at = now(),
                  idle_expires_at = LEAST(now() + make_interval(secs => $2), absolute_expires_at)
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

/**
 * Ends the live sessions of a user that match, by one conditional statement,
 * and returns their ids: those already ended are not ended twice.
 */
export async function revokeSessionRows(
  userId: string,
  match: { only?: string; except?: string | null },
  reason: string,
  db: Db,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE sessions SET revoked_at = now(), revoked_reason = ${reason}
     WHERE user_id = ${userId}::uuid AND revoked_at IS NULL
       AND (${match.only ?? null}::uuid IS NULL OR id = ${match.only ?? null}::uuid)
       AND (${match.except ?? null}::uuid IS NULL OR id <> ${match.except ?? null}::uuid)
    RETURNING id`;
  return rows.map((row) => row.id);
}

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
