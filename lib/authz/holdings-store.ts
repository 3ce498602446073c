import "server-only";
import type { Holding } from "@/lib/authz/holdings";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { Db } from "@/lib/platform/db/client";
import type { Principal } from "@/lib/shared/principal";

/**
 * Everything that the user's roles give now, wherever it holds, whatever the
 * user's status: the roles of a disabled user come back when they do.
 */
export function listHoldings(userId: string, db: Db): Promise<Holding[]> {
  return db.$queryRaw<Holding[]>`
    SELECT p.key AS "permissionKey", rp.condition,
           COALESCE(ur.organization_id, r.organization_id) AS "organizationId"
      FROM user_roles ur
      JOIN roles r ON r.id = ur.role_id
      JOIN role_permissions rp ON rp.role_id = r.id
      JOIN permissions p ON p.id = rp.permission_id
     WHERE ur.user_id = ${userId}::uuid
       AND (ur.organization_id IS NULL OR r.organization_id IS NULL
            OR ur.organization_id = r.organization_id)
       AND (ur.expires_at IS NULL OR ur.expires_at > now())`;
}

/** Everything that a client's roles give it as a service account. */
export function listServiceHoldings(clientId: string, db: Db): Promise<Holding[]> {
  return db.$queryRaw<Holding[]>`
    SELECT p.key AS "permissionKey", rp.condition, a.organization_id AS "organizationId"
      FROM service_accounts a
      JOIN service_account_roles sr ON sr.client_id = a.client_id
      JOIN roles r ON r.id = sr.role_id
       AND (r.organization_id IS NULL OR r.organization_id = a.organization_id)
      JOIN role_permissions rp ON rp.role_id = r.id
      JOIN permissions p ON p.id = rp.permission_id
     WHERE a.client_id = ${clientId}`;
}

/** What the principal's roles give them now; nothing once their user is not active any more. */
export async function listOwnHoldings({ means, userId }: Principal, db: Db): Promise<Holding[]> {
  if (means === "service") return listServiceHoldings(userId, db);
  const active = await db.user.count({ where: { id: userId, status: "active" } });
  return active === 1 ? listHoldings(userId, db) : [];
}

/** Every change of who may do what waits here for the one before it, until its transaction ends. */
export async function lockInstance(db: Db): Promise<void> {
  await db.$queryRaw`SELECT id FROM instance WHERE id = 1 FOR UPDATE`;
}

export interface AdministratorCount {
  /** Active users who hold every permission, without a condition, on the whole instance. */
  all: number;
  /** Those of them whose grants do not expire. */
  lasting: number;
}

/** Starts from the few who may manage roles, so that it costs the same among a million users. */
export async function countAdministrators(db: Db): Promise<AdministratorCount> {
  const [row] = await db.$queryRaw<[AdministratorCount]>`
    WITH candidates AS (
      SELECT DISTINCT ur.user_id
        FROM permissions p
        JOIN role_permissions rp ON rp.permission_id = p.id
        JOIN user_roles ur ON ur.role_id = rp.role_id
       WHERE p.key = ${ROLE_PERMISSIONS.manage.key} AND rp.condition IS NULL
    ), administrators AS (
      SELECT u.id,
             count(DISTINCT rp.permission_id) FILTER (WHERE ur.expires_at IS NULL) AS lasting
        FROM candidates c
        JOIN users u ON u.id = c.user_id AND u.status = 'active'
        JOIN user_roles ur ON ur.user_id = u.id AND ur.organization_id IS NULL
         AND (ur.expires_at IS NULL OR ur.expires_at > now())
        JOIN roles r ON r.id = ur.role_id AND r.organization_id IS NULL
        JOIN role_permissions rp ON rp.role_id = r.id AND rp.condition IS NULL
       GROUP BY u.id
      HAVING count(DISTINCT rp.permission_id) = (SELECT count(*) FROM permissions)
    )
    SELECT count(*)::int AS "all",
           (count(*) FILTER (WHERE lasting = (SELECT count(*) FROM permissions)))::int AS lasting
      FROM administrators`;
  return row;
}
