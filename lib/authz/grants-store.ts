import "server-only";
import { pool } from "@/lib/platform/db/pool";

export interface GrantRow {
  permissionKey: string;
  resourceType: string;
  condition: unknown;
  roleId: string;
  roleName: string;
  expiresAt: Date | null;
}

/**
 * Every permission that the user's roles give in this organization, one row a
 * path. Instance-wide grants count everywhere. Expired grants are left out by
 * the database's clock (D19).
 */
export async function listGrants(userId: string, organizationId: string): Promise<GrantRow[]> {
  const { rows } = await pool().query<GrantRow>({
    name: "list-grants",
    text: `SELECT p.key AS "permissionKey", p.resource_type AS "resourceType",
                  rp.condition, r.id AS "roleId", r.name AS "roleName", ur.expires_at AS "expiresAt"
             FROM user_roles ur
             JOIN roles r ON r.id = ur.role_id
             JOIN role_permissions rp ON rp.role_id = r.id
             JOIN permissions p ON p.id = rp.permission_id
            WHERE ur.user_id = $1
              AND (ur.organization_id IS NULL OR ur.organization_id = $2)
              AND (r.organization_id IS NULL OR r.organization_id = $2)
              AND (ur.expires_at IS NULL OR ur.expires_at > now())`,
    values: [userId, organizationId],
  });
  return rows;
}

/** The same of a service account, in the organization that it acts in and in no other. */
export async function listServiceGrants(
  clientId: string,
  organizationId: string,
): Promise<GrantRow[]> {
  const { rows } = await pool().query<GrantRow>({
    name: "list-service-grants",
    text: `SELECT p.key AS "permissionKey", p.resource_type AS "resourceType",
                  rp.condition, r.id AS "roleId", r.name AS "roleName", NULL AS "expiresAt"
             FROM service_accounts a
             JOIN service_account_roles sr ON sr.client_id = a.client_id
             JOIN roles r ON r.id = sr.role_id
             JOIN role_permissions rp ON rp.role_id = r.id
             JOIN permissions p ON p.id = rp.permission_id
            WHERE a.client_id = $1 AND a.organization_id = $2
              AND (r.organization_id IS NULL OR r.organization_id = $2)`,
    values: [clientId, organizationId],
  });
  return rows;
}
