import "server-only";
import type { Db } from "@/lib/platform/db/client";

export interface UserGrant {
  roleId: string;
  roleName: string;
  /** Where the grant holds; null is the whole instance. */
  organizationId: string | null;
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
           ur.expires_at IS NOT NULL AND ur.expires_at <= now() AS expired
      FROM user_roles ur
      JOIN roles r ON r.id = ur.role_id
     WHERE ur.user_id = ${userId}::uuid
       AND (ur.organization_id IS NULL OR ur.organization_id = ${organizationId}::uuid)
       AND (r.organization_id IS NULL OR r.organization_id = ${organizationId}::uuid)
     ORDER BY r.name, r.id`;
}

/** Takes these roles from the user, wherever they were granted that counts in this organization. */
export async function deleteUserGrants(
  userId: string,
  roleIds: string[],
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.userRole.deleteMany({
    where: {
      userId,
      roleId: { in: roleIds },
      OR: [{ organizationId: null }, { organizationId }],
    },
  });
}
