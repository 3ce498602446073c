import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { TenantDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";

export interface AccessRequestRow {
  id: string;
  organizationId: string;
  userId: string;
  userEmail: string;
  userName: string | null;
  /** Null once the role is deleted; its name is kept. */
  roleId: string | null;
  roleName: string;
  kind: "request" | "break_glass";
  /** A request that nobody has answered in time is expired, whatever is stored. */
  state: "pending" | "approved" | "denied" | "withdrawn" | "expired";
  reason: string;
  durationSeconds: number;
  createdAt: Date;
  /** Nobody may answer it any more from then on. */
  expiresAt: Date;
  reviewedById: string | null;
  reviewedBy: string | null;
  reviewedAt: Date | null;
  note: string;
  grantId: string | null;
  grantedUntil: Date | null;
  endedAt: Date | null;
  /** While the grant that came of it is in force, when that ends; else null. */
  inForceUntil: Date | null;
}

const COLUMNS = Prisma.sql`
  a.id, a.organization_id AS "organizationId", a.user_id AS "userId", u.email AS "userEmail",
  u.name AS "userName", a.role_id AS "roleId", COALESCE(r.name, a.role_name) AS "roleName", a.kind::text AS kind,
  CASE WHEN a.state = 'pending' AND (a.expires_at <= now() OR a.role_id IS NULL) THEN 'expired' ELSE a.state::text END
    AS state,
  a.reason, a.duration_seconds AS "durationSeconds", a.created_at AS "createdAt",
  a.expires_at AS "expiresAt", a.reviewed_by AS "reviewedById", w.email AS "reviewedBy",
  a.reviewed_at AS "reviewedAt", a.note, a.grant_id AS "grantId",
  a.granted_until AS "grantedUntil", a.ended_at AS "endedAt",
  CASE WHEN a.state = 'approved' AND a.ended_at IS NULL AND g.expires_at > now()
       THEN g.expires_at END AS "inForceUntil"`;
const TABLES = Prisma.sql`
  access_requests a
  JOIN users u ON u.id = a.user_id
  LEFT JOIN roles r ON r.id = a.role_id
  LEFT JOIN users w ON w.id = a.reviewed_by
  LEFT JOIN user_roles g ON g.id = a.grant_id`;

/** The user's own in this organization, newest first. */
export const listRowsOf = (
  userId: string,
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<AccessRequestRow[]> =>
  db.$queryRaw<AccessRequestRow[]>`
    SELECT ${COLUMNS} FROM ${TABLES}
     WHERE a.user_id = ${userId}::uuid AND a.organization_id = ${organizationId}::uuid
     ORDER BY a.created_at DESC, a.id DESC LIMIT ${countMax}`;

/** Which of an organization's requests are asked for. */
export type Shelf = "pending" | "unacknowledged" | "in-force" | "past";

const SHELVES: Record<Shelf, Prisma.Sql> = {
  pending: Prisma.sql`a.state = 'pending' AND a.expires_at > now() AND a.role_id IS NOT NULL`,
  unacknowledged: Prisma.sql`a.kind = 'break_glass' AND a.reviewed_at IS NULL`,
  "in-force": Prisma.sql`a.state = 'approved' AND a.ended_at IS NULL AND g.expires_at > now()`,
  past: Prisma.sql`(a.state <> 'pending' OR a.expires_at <= now() OR a.role_id IS NULL)
    AND (a.kind = 'request' OR a.reviewed_at IS NOT NULL)`,
};

/** What waits comes oldest first, what is over newest first. */
export function listShelf(
  shelf: Shelf,
  organizationId: string,
  countMax: number,
  db: TenantDb,
): Promise<AccessRequestRow[]> {
  const order =
    shelf === "past" ? Prisma.sql`a.created_at DESC, a.id DESC` : Prisma.sql`a.created_at, a.id`;
  return db.$queryRaw<AccessRequestRow[]>`
    SELECT ${COLUMNS} FROM ${TABLES}
     WHERE a.organization_id = ${organizationId}::uuid AND ${SHELVES[shelf]}
     ORDER BY ${order} LIMIT ${countMax}`;
}

/** What is in force of the user's in this organization, that which ends first before the others. */
export const listRowsInForce = (
  userId: string,
  organizationId: string,
  db: TenantDb,
): Promise<AccessRequestRow[]> =>
  db.$queryRaw<AccessRequestRow[]>`
    SELECT ${COLUMNS} FROM ${TABLES}
     WHERE a.user_id = ${userId}::uuid AND a.organization_id = ${organizationId}::uuid
       AND ${SHELVES["in-force"]}
     ORDER BY g.expires_at, a.id`;

/** How much waits for somebody else than this user; counts no further than `countMax`. */
export async function countWaiting(
  organizationId: string,
  exceptUserId: string,
  countMax: number,
  db: TenantDb,
): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM access_requests a
       WHERE a.organization_id = ${organizationId}::uuid AND a.user_id <> ${exceptUserId}::uuid
         AND (${SHELVES.pending} OR (${SHELVES.unacknowledged}))
       LIMIT ${countMax}) few`;
  return row.count;
}

/** Everything that waits for an answer, in whatever organization. */
export const listWaitingRows = (
  db: Db,
): Promise<{ id: string; organizationId: string; userId: string; roleId: string }[]> =>
  db.$queryRaw`
    SELECT a.id, a.organization_id AS "organizationId", a.user_id AS "userId", a.role_id AS "roleId"
      FROM access_requests a WHERE ${SHELVES.pending} ORDER BY a.id`;

/** Any text may be asked about; what is in another organization is not there (ATK-43). */
export async function findRow(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<AccessRequestRow | null> {
  if (!isId(id)) return null;
  const rows = await db.$queryRaw<AccessRequestRow[]>`
    SELECT ${COLUMNS} FROM ${TABLES}
     WHERE a.id = ${id}::uuid AND a.organization_id = ${organizationId}::uuid`;
  return rows[0] ?? null;
}

export interface NewRequest {
  id: string;
  organizationId: string;
  userId: string;
  role: { id: string; name: string };
  reason: string;
  durationSeconds: number;
  decisionId: string | null;
  /** How long it can be answered. */
  openSeconds: number;
}

/** Whether the user is an active member of the organization; a member they then stay until the transaction ends. */
export async function holdMembership(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'active'
     WHERE m.user_id = ${userId}::uuid AND m.organization_id = ${organizationId}::uuid
       FOR SHARE OF m`;
  return rows.length === 1;
}

/** False when the user has asked for this role already and waits for an answer. */
export async function insertRequest(request: NewRequest, db: TenantDb): Promise<boolean> {
  const { id, organizationId, userId, role, reason, durationSeconds, decisionId, openSeconds } =
    request;
  await db.$executeRaw`
    UPDATE access_requests SET state = 'expired'
     WHERE organization_id = ${organizationId}::uuid AND user_id = ${userId}::uuid
       AND role_id = ${role.id}::uuid AND state = 'pending' AND expires_at <= now()`;
  const count = await db.$executeRaw`
    INSERT INTO access_requests (id, organization_id, user_id, role_id, role_name, reason,
                                 duration_seconds, decision_id, expires_at)
    VALUES (${id}::uuid, ${organizationId}::uuid, ${userId}::uuid, ${role.id}::uuid, ${role.name},
            ${reason}, ${durationSeconds}::int, ${decisionId}::uuid,
            now() + make_interval(secs => ${openSeconds}::int))
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

/** One statement: false unless it is the user's and still waits. */
export async function withdrawRow(id: string, userId: string, db: TenantDb): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_requests SET state = 'withdrawn'
     WHERE id = ${id}::uuid AND user_id = ${userId}::uuid
       AND state = 'pending' AND expires_at > now()`;
  return count === 1;
}

/** One statement: false unless it still waits and is somebody else's. */
export async function decideRow(
  id: string,
  decision: "approved" | "denied",
  reviewerId: string,
  note: string,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_requests
       SET state = ${decision}::access_state, reviewed_by = ${reviewerId}::uuid,
           reviewed_at = now(), note = ${note}
     WHERE id = ${id}::uuid AND user_id <> ${reviewerId}::uuid
       AND state = 'pending' AND expires_at > now()`;
  return count === 1;
}

export async function noteGrant(
  id: string,
  grant: { id: string; expiresAt: Date },
  db: TenantDb,
): Promise<void> {
  await db.accessRequest.update({
    where: { id },
    data: { grantId: grant.id, grantedUntil: grant.expiresAt },
  });
}

export interface NewEmergency {
  id: string;
  organizationId: string;
  userId: string;
  roleId: string;
  roleName: string;
  reason: string;
  durationSeconds: number;
  grant: { id: string; expiresAt: Date };
}

export async function insertEmergency(
  { grant, ...row }: NewEmergency,
  db: TenantDb,
): Promise<void> {
  await db.accessRequest.create({
    data: {
      ...row,
      kind: "break_glass",
      state: "approved",
      expiresAt: grant.expiresAt,
      grantId: grant.id,
      grantedUntil: grant.expiresAt,
    },
  });
}

/** How often the user has broken the glass in the last 24 hours, in whatever organization. */
export async function countEmergencies(userId: string, db: Db): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM access_requests
     WHERE user_id = ${userId}::uuid AND kind = 'break_glass'
       AND created_at > now() - interval '24 hours'`;
  return row.count;
}

/** One statement: false unless somebody else's emergency still waits for it. */
export async function acknowledgeRow(
  id: string,
  reviewerId: string,
  note: string,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_requests
       SET reviewed_by = ${reviewerId}::uuid, reviewed_at = now(), note = ${note}
     WHERE id = ${id}::uuid AND kind = 'break_glass' AND user_id <> ${reviewerId}::uuid
       AND reviewed_at IS NULL`;
  return count === 1;
}

/** Whatever the grant came of is over together with it. */
export async function markEnded(grantId: string, endedById: string, db: TenantDb): Promise<void> {
  await db.$executeRaw`
    UPDATE access_requests SET ended_at = now(), ended_by = ${endedById}::uuid
     WHERE grant_id = ${grantId}::uuid AND ended_at IS NULL`;
}

/** Deletes what was decided or given up this long ago; what waits for a look stays. Returns how many. */
export const purgeRows = (days: number, db: Db = prisma()): Promise<number> =>
  db.$executeRaw`
    DELETE FROM access_requests
     WHERE created_at < now() - make_interval(days => ${days}::int)
       AND (kind = 'request' OR reviewed_at IS NOT NULL)
       AND (granted_until IS NULL OR granted_until <= now())`;
