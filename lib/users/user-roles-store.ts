import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

export interface UserGrant {
  roleId: string;
  roleName: string;
  /** Where the grant holds; null is the whole instance. */
  organizationId: string | null;
  /** Null is for good. */
  expiresAt: Date | null;
  expired: boolean;
}

/** The grants of the user that count in this organization, the expired ones among them. */
export function listUserGrants(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<UserGrant[]> {
  return db.$queryRaw<UserGrant[]>`
    SELECT r.id AS "roleId", r.name AS "roleName", ur.organization_id AS "organizationId",
           ur.expires_at AS "expiresAt", ur.expires_at IS NOT NULL AND ur.expires_at <= now() AS expired
      FROM user_roles ur
      JOIN roles r ON r.id = ur.role_id
     WHERE ur.user_id = ${userId}::uuid
       AND (ur.organization_id IS NULL OR ur.organization_id = ${organizationId}::uuid)
       AND (r.organization_id IS NULL OR r.organization_id = ${organizationId}::uuid)
     ORDER BY r.name, r.id`;
}

/** The names of the roles that new users hold in this organization, each user's in order. */
export async function listRoleNames(
  userIds: string[],
  organizationId: string,
  db: Db,
): Promise<Map<string, string[]>> {
  const rows = await db.$queryRaw<{ userId: string; names: string[] }[]>`
    SELECT ur.user_id AS "userId", array_agg(r.name ORDER BY r.name, r.id) AS names
      FROM user_roles ur
      JOIN roles r ON r.id = ur.role_id
     WHERE ur.user_id = ANY(${userIds}::uuid[])
       AND (ur.organization_id IS NULL OR ur.organization_id = ${organizationId}::uuid)
       AND (r.organization_id IS NULL OR r.organization_id = ${organizationId}::uuid)
     GROUP BY ur.user_id`;
  return new Map(rows.map(({ userId, names }) => [userId, names]));
}

const grantsIn = (userId: string, roleIds: string[], organizationId: string) => ({
  userId,
  roleId: { in: roleIds },
  OR: [{ organizationId: null }, { organizationId }],
});

/** Takes these roles from the user, wherever they were granted that counts in this organization. */
export async function deleteUserGrants(
  userId: string,
  roleIds: string[],
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.userRole.deleteMany({ where: grantsIn(userId, roleIds, organizationId) });
}

/** The same of what was granted for good; what ends by itself stays. */
export async function deleteLastingGrants(
  userId: string,
  roleIds: string[],
  organizationId: string,
  db: Db,
): Promise<void> {
  const where = { ...grantsIn(userId, roleIds, organizationId), expiresAt: null };
  await db.userRole.deleteMany({ where });
}

/** One statement; null where the role is held for good. What lasts longer is not shortened. */
export async function upsertTimedGrant(
  grant: {
    userId: string;
    roleId: string;
    organizationId: string;
    grantedById: string;
    seconds: number;
  },
  db: Db,
): Promise<{ id: string; expiresAt: Date } | null> {
  const { userId, roleId, organizationId, grantedById, seconds } = grant;
  const rows = await db.$queryRaw<{ id: string; expiresAt: Date }[]>`
    INSERT INTO user_roles AS held (id, user_id, role_id, organization_id, granted_by, expires_at)
    VALUES (${newId()}::uuid, ${userId}::uuid, ${roleId}::uuid, ${organizationId}::uuid,
            ${grantedById}::uuid, now() + make_interval(secs => ${seconds}::int))
    ON CONFLICT (user_id, role_id, organization_id) DO UPDATE
       SET expires_at = GREATEST(held.expires_at, EXCLUDED.expires_at),
           granted_by = EXCLUDED.granted_by
     WHERE held.expires_at IS NOT NULL
    RETURNING id, expires_at AS "expiresAt"`;
  return rows[0] ?? null;
}

/** One statement: false when there is no such grant, or it has run out. */
export async function deleteTimedGrant(id: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    DELETE FROM user_roles WHERE id = ${id}::uuid AND expires_at > now()`;
  return count === 1;
}
