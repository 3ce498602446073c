import "server-only";
import type { Db } from "@/lib/platform/db/client";
import type { PlaceDb, TenantDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";

export interface DutyConflict {
  id: string;
  /** Null holds in every organization. */
  organizationId: string | null;
  name: string;
  description: string;
  leftKeys: string[];
  rightKeys: string[];
  version: number;
}

const SELECT = {
  id: true,
  organizationId: true,
  name: true,
  description: true,
  leftKeys: true,
  rightKeys: true,
  version: true,
} as const;

/** Those that hold in this organization: its own and the instance's, and nobody else's (ATK-43). */
export const listConflictsIn = (organizationId: string, db: TenantDb): Promise<DutyConflict[]> =>
  db.dutyConflict.findMany({
    where: { OR: [{ organizationId: null }, { organizationId }] },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: SELECT,
  });

/** All there are, wherever they hold. */
export const listAllConflicts = (db: PlaceDb): Promise<DutyConflict[]> =>
  db.dutyConflict.findMany({ orderBy: [{ name: "asc" }, { id: "asc" }], select: SELECT });

export async function findConflict(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<DutyConflict | null> {
  if (!isId(id)) return null;
  return db.dutyConflict.findFirst({
    where: { id, OR: [{ organizationId: null }, { organizationId }] },
    select: SELECT,
  });
}

export async function insertConflict(
  conflict: Omit<DutyConflict, "version">,
  db: PlaceDb,
): Promise<void> {
  await db.dutyConflict.create({ data: conflict });
}

/** Waits for whoever adds a conflict, or changes who may do what, until their transaction ends. */
export async function queueForConflicts(db: Db): Promise<void> {
  await db.$queryRaw`SELECT id FROM instance WHERE id = 1 FOR UPDATE`;
}

/** How many are of this place alone; null is the instance. */
export const countConflictsOf = (organizationId: string | null, db: PlaceDb): Promise<number> =>
  db.dutyConflict.count({ where: { organizationId } });

/** One statement: false when somebody has changed it since this version. */
export async function updateConflict(
  { id, name, description, leftKeys, rightKeys }: Omit<DutyConflict, "version" | "organizationId">,
  expectedVersion: number,
  db: PlaceDb,
): Promise<boolean> {
  const { count } = await db.dutyConflict.updateMany({
    where: { id, version: expectedVersion },
    data: { name, description, leftKeys, rightKeys, version: { increment: 1 } },
  });
  return count === 1;
}

export async function deleteConflictRow(id: string, db: PlaceDb): Promise<boolean> {
  const { count } = await db.dutyConflict.deleteMany({ where: { id } });
  return count === 1;
}

export interface WaiverRow {
  id: string;
  conflictId: string;
  conflictName: string;
  userId: string;
  email: string;
  reason: string;
  grantedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** Waivers that still hold in the organization; the one that ends first comes first. */
export const listWaiverRows = (
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<WaiverRow[]> =>
  db.$queryRaw<WaiverRow[]>`
    SELECT w.id, w.conflict_id AS "conflictId", c.name AS "conflictName", w.user_id AS "userId",
           u.email, w.reason, g.email AS "grantedBy", w.created_at AS "createdAt",
           w.expires_at AS "expiresAt"
      FROM duty_waivers w
      JOIN duty_conflicts c ON c.id = w.conflict_id
      JOIN users u ON u.id = w.user_id
      LEFT JOIN users g ON g.id = w.granted_by
     WHERE w.organization_id = ${organizationId}::uuid AND w.expires_at > now()
     ORDER BY w.expires_at, w.id
     LIMIT ${countMax}`;

/** In place of an older one; it begins now, by the database's clock. */
export async function putWaiver(
  waiver: {
    id: string;
    conflictId: string;
    organizationId: string;
    userId: string;
    reason: string;
    grantedById: string;
    days: number;
  },
  db: TenantDb,
): Promise<Date> {
  const { id, conflictId, organizationId, userId, reason, grantedById, days } = waiver;
  const [row] = await db.$queryRaw<[{ expiresAt: Date }]>`
    INSERT INTO duty_waivers (id, conflict_id, organization_id, user_id, reason, granted_by,
                              created_at, expires_at)
    VALUES (${id}::uuid, ${conflictId}::uuid, ${organizationId}::uuid, ${userId}::uuid, ${reason},
            ${grantedById}::uuid, now(), now() + make_interval(days => ${days}::int))
    ON CONFLICT (conflict_id, organization_id, user_id) DO UPDATE
       SET reason = EXCLUDED.reason, granted_by = EXCLUDED.granted_by,
           created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
    RETURNING expires_at AS "expiresAt"`;
  return row.expiresAt;
}

export interface EndedWaiver {
  conflictId: string;
  userId: string;
}

/** One statement: null when there is no such waiver in the organization (any more). */
export async function deleteWaiver(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<EndedWaiver | null> {
  if (!isId(id)) return null;
  const rows = await db.$queryRaw<EndedWaiver[]>`
    DELETE FROM duty_waivers WHERE id = ${id}::uuid AND organization_id = ${organizationId}::uuid
    RETURNING conflict_id AS "conflictId", user_id AS "userId"`;
  return rows[0] ?? null;
}
