import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

// The sessions of a user that are still open, and what ends them.

const LIVE = { revokedAt: null } as const;

/** The sessions of a user that still open doors, last used first. */
export async function listLiveSessions(
  userId: string,
  {
    organizationId,
    countMax,
  }: { organizationId?: string | undefined; countMax?: number | undefined },
  db: Db = prisma(),
) {
  const now = await databaseNow(db);
  return db.session.findMany({
    where: {
      userId,
      ...(organizationId !== undefined && { organizationId }),
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
      impersonatorId: true,
    },
    ...(countMax !== undefined && { take: countMax }),
  });
}

/** The live sessions of a user in an organization beyond the newest so many. */
export async function listExcessSessions(
  userId: string,
  organizationId: string,
  keep: number,
  db: Db,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM sessions
     WHERE user_id = ${userId}::uuid AND organization_id = ${organizationId}::uuid
       AND revoked_at IS NULL AND impersonator_id IS NULL
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
): Promise<{ id: string; userId: string; impersonatorId: string | null } | null> {
  const select = { id: true, userId: true, impersonatorId: true } as const;
  return db.session.findUnique({ where: { tokenHash }, select });
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
