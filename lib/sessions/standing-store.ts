import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import {
  ACR,
  ACTIVE_MEMBERS,
  mfaRequired,
  OWN_RULES,
  PASSWORD_EXPIRED,
  singleSignOnMissing,
} from "@/lib/sessions/principal-row";
import {
  CONNECTION,
  DEVICE_TRUSTED,
  IDLE_BEYOND,
  IS_ALIVE,
  IS_WITHIN_LIMITS,
} from "@/lib/sessions/session-terms";
import type { SessionLevel } from "@/lib/shared/session-level";

/** What of an organization's rules decides about a session. */
export interface JudgingRules {
  ssoRequired: boolean;
  mfaRequired: boolean;
  smsAllowed: boolean;
  trustedDeviceDays: number;
  sessionLevel: SessionLevel | null;
  sessionHoursMax: number | null;
  networks: string[];
  passwordMaxAgeDays: number | null;
}

/** What sessions are judged by; what is left out is as it is stored. */
export interface Terms {
  rules?: JudgingRules;
  /** Whether a role asks for a second factor. */
  role?: { id: string; mfaRequired: boolean };
}

export interface StandingRow {
  /** False once the rules let it go on no longer. */
  opens: boolean;
  acr: string;
  singleSignOnMissing: boolean;
  mfaRequired: boolean;
  passwordExpired: boolean;
  deviceTrusted: boolean;
  idleBeyondSeconds: number | null;
}

/** How a session stands under the terms of before and of after. */
export interface JudgedSessions {
  /** The author's present one. */
  own: boolean;
  /** Where it was begun, where the rules name networks; else null. */
  ip: string | null;
  before: StandingRow;
  after: StandingRow;
  sessions: number;
}

/** Which sessions: of one organization, or of whoever has a role, by whatever path. */
export type SessionScope = { organizationId: string } | { holdersOf: string };

const RULES_RECORD = Prisma.raw(`p (sso_required boolean, mfa_required boolean, sms_allowed boolean,
  trusted_device_days int, session_level text, session_hours_max int, password_max_age_days int)`);

function standingUnder({ rules, role }: Terms): Prisma.Sql {
  const asks =
    role === undefined
      ? "r.mfa_required"
      : "CASE WHEN r.id = x.role_id THEN x.mfa_required ELSE r.mfa_required END";
  const from =
    rules === undefined
      ? Prisma.raw(`(SELECT 1) AS one ${OWN_RULES}`)
      : Prisma.sql`jsonb_to_record(${JSON.stringify({
          sso_required: rules.ssoRequired,
          mfa_required: rules.mfaRequired,
          sms_allowed: rules.smsAllowed,
          trusted_device_days: rules.trustedDeviceDays,
          session_level: rules.sessionLevel,
          session_hours_max: rules.sessionHoursMax,
          password_max_age_days: rules.passwordMaxAgeDays,
        })}::jsonb) AS ${RULES_RECORD}`;
  return Prisma.sql`
    SELECT jsonb_build_object(
             'opens', ${Prisma.raw(IS_WITHIN_LIMITS)},
             'acr', ${Prisma.raw(ACR)},
             'singleSignOnMissing', ${Prisma.raw(singleSignOnMissing(CONNECTION))},
             'mfaRequired', ${Prisma.raw(mfaRequired(asks))},
             'passwordExpired', ${Prisma.raw(PASSWORD_EXPIRED)},
             'deviceTrusted', ${Prisma.raw(DEVICE_TRUSTED)},
             'idleBeyondSeconds', ${Prisma.raw(IDLE_BEYOND)}) AS standing
      FROM ${from}
     CROSS JOIN (SELECT ${role?.id ?? null}::uuid AS role_id,
                        ${role?.mfaRequired ?? null}::boolean AS mfa_required) AS x`;
}

/**
 * Every live session in scope, grouped by how it stands, of each user as one profile; how many users
 * have the same. The terms are put into the very text by which a request judges its session.
 */
export async function listStandings(
  scope: SessionScope,
  { before, after }: Record<"before" | "after", Terms>,
  ownSessionId: string,
  db: Db = prisma(),
): Promise<{ profile: JudgedSessions[]; people: number }[]> {
  const byNetwork = [before, after].some(({ rules }) => (rules?.networks ?? []).length > 0);
  const chosen =
    "organizationId" in scope
      ? Prisma.sql`s.organization_id = ${scope.organizationId}::uuid`
      : Prisma.sql`s.user_id IN (SELECT g.user_id FROM given_roles g
                                  WHERE g.given_role_id = ${scope.holdersOf}::uuid)`;
  return db.$queryRaw`
    WITH judged AS (
      SELECT s.user_id, s.id::text = ${ownSessionId} AS own,
             CASE WHEN ${byNetwork} THEN s.ip END AS ip,
             b.standing AS before, a.standing AS after
        FROM sessions s
        ${Prisma.raw(ACTIVE_MEMBERS)}
        LEFT JOIN credentials_password w ON w.user_id = s.user_id
        LEFT JOIN devices d ON d.id = s.device_id
       CROSS JOIN LATERAL (${standingUnder(before)}) b
       CROSS JOIN LATERAL (${standingUnder(after)}) a
       WHERE ${chosen} AND ${Prisma.raw(IS_ALIVE)} AND u.deletion_due_at IS NULL
    ), alike AS (
      SELECT user_id, own, ip, before, after, count(*)::int AS sessions
        FROM judged GROUP BY user_id, own, ip, before, after
    ), profiles AS (
      SELECT user_id,
             jsonb_agg(jsonb_build_object('own', own, 'ip', ip, 'before', before, 'after', after,
                                          'sessions', sessions)
                       ORDER BY own, ip, before, after) AS profile
        FROM alike GROUP BY user_id
    )
    SELECT profile, count(*)::int AS people FROM profiles GROUP BY profile`;
}

/** Members of an organization who have more live sessions there than this at once. */
export async function countBeyondSessions(
  organizationId: string,
  sessionsMax: number,
  db: Db = prisma(),
): Promise<number> {
  const [row] = await db.$queryRaw<[{ people: number }]>`
    SELECT count(*)::int AS people FROM (
      SELECT s.user_id FROM sessions s
        JOIN memberships m ON m.user_id = s.user_id AND m.organization_id = s.organization_id
       WHERE s.organization_id = ${organizationId}::uuid AND ${Prisma.raw(IS_ALIVE)}
       GROUP BY s.user_id HAVING count(*) > ${sessionsMax}::int) beyond`;
  return row.people;
}
