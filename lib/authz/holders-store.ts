import "server-only";
import type { Db } from "@/lib/platform/db/client";

/** Active members of the organization who hold the permission there, but for one of them. */
export const listHoldersOf = (
  permissionKey: string,
  organizationId: string,
  exceptUserId: string,
  countMax: number,
  db: Db,
): Promise<{ id: string; email: string }[]> =>
  db.$queryRaw`
    SELECT u.id, u.email
      FROM users u
      JOIN memberships m ON m.user_id = u.id AND m.organization_id = ${organizationId}::uuid
     WHERE u.status = 'active' AND u.id <> ${exceptUserId}::uuid
       AND u.id IN (SELECT g.user_id
                      FROM permissions p
                      JOIN role_permissions rp ON rp.permission_id = p.id
                      JOIN given_roles g ON g.given_role_id = rp.role_id
                     WHERE p.key = ${permissionKey}
                       AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid))
     ORDER BY u.id
     LIMIT ${countMax}`;

/** Whether the user has the role there by whatever path, and whether only for a time. */
export async function findHeldRole(
  userId: string,
  roleId: string,
  organizationId: string,
  db: Db,
): Promise<"not" | "for-a-time" | "for-good"> {
  const [row] = await db.$queryRaw<[{ held: boolean | null; lasting: boolean | null }]>`
    SELECT count(*) > 0 AS held, bool_or(expires_at IS NULL) AS lasting
      FROM given_roles
     WHERE user_id = ${userId}::uuid AND given_role_id = ${roleId}::uuid
       AND (organization_id IS NULL OR organization_id = ${organizationId}::uuid)`;
  if (!row.held) return "not";
  return row.lasting ? "for-good" : "for-a-time";
}
