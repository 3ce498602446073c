import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

// Sessions in which somebody acts as the user of the row (F101).

export async function lockOwnSessionRow(id: string, userId: string, db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM sessions
     WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND impersonator_id IS NULL
       AND revoked_at IS NULL AND idle_expires_at > now() AND absolute_expires_at > now()
       FOR UPDATE`;
  return rows.length === 1;
}

export async function findSessionEnd(id: string, db: Db): Promise<Date> {
  const { absoluteExpiresAt } = await db.session.findUniqueOrThrow({
    where: { id },
    select: { absoluteExpiresAt: true },
  });
  return absoluteExpiresAt;
}

export async function listImpersonationRowsBy(sessionId: string, db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM sessions
     WHERE impersonator_session_id = ${sessionId}::uuid AND impersonation_told_at IS NULL`;
  return rows.map(({ id }) => id);
}

export interface PastImpersonation {
  id: string;
  userId: string;
  impersonatorSessionId: string;
}

export async function findImpersonationBySecret(
  tokenHash: Uint8Array,
): Promise<PastImpersonation | null> {
  const { rows } = await pool().query<PastImpersonation>({
    name: "find-impersonation",
    text: `SELECT id, user_id AS "userId", impersonator_session_id AS "impersonatorSessionId"
             FROM sessions WHERE token_hash = $1 AND impersonator_id IS NOT NULL`,
    values: [Buffer.from(tokenHash)],
  });
  return rows[0] ?? null;
}

export interface ClaimedImpersonation {
  id: string;
  userId: string;
  /** The user's address. */
  email: string;
  organizationId: string;
  organizationName: string;
  impersonatorId: string;
  reason: string;
  startedAt: Date;
  endedAt: Date;
  endReason: string;
}

export async function claimImpersonationRow(
  id: string,
  reason: string,
  db: Db,
): Promise<ClaimedImpersonation | null> {
  const rows = await db.$queryRaw<ClaimedImpersonation[]>`
    UPDATE sessions s
       SET impersonation_told_at = now(),
           revoked_at = COALESCE(s.revoked_at, LEAST(now(), s.absolute_expires_at)),
           revoked_reason = COALESCE(s.revoked_reason, ${reason})
      FROM users u, organizations o
     WHERE s.id = ${id}::uuid AND s.impersonator_id IS NOT NULL AND s.impersonation_told_at IS NULL
       AND u.id = s.user_id AND o.id = s.organization_id
    RETURNING s.id, s.user_id AS "userId", u.email, s.organization_id AS "organizationId",
              o.name AS "organizationName", s.impersonator_id AS "impersonatorId",
              s.impersonation_reason AS reason, s.created_at AS "startedAt",
              s.revoked_at AS "endedAt", s.revoked_reason AS "endReason"`;
  return rows[0] ?? null;
}

export async function listOverRows(countMax: number): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>({
    name: "list-over-impersonations",
    text: `SELECT s.id FROM sessions s
             JOIN users u ON u.id = s.user_id
             LEFT JOIN users a ON a.id = s.impersonator_id
             LEFT JOIN sessions own ON own.id = s.impersonator_session_id
            WHERE s.impersonator_id IS NOT NULL AND s.impersonation_told_at IS NULL
              AND (s.revoked_at IS NOT NULL OR s.absolute_expires_at <= now()
                   OR own.id IS NULL OR a.id IS NULL OR own.revoked_at IS NOT NULL OR own.idle_expires_at <= now()
                   OR own.absolute_expires_at <= now()
                   OR u.status <> 'active' OR a.status <> 'active')
            LIMIT $1`,
    values: [countMax],
  });
  return rows.map(({ id }) => id);
}
