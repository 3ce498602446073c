import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface ConflictRow {
  id: string;
  /** Null holds in every organization. */
  organizationId: string | null;
  name: string;
  leftKeys: string[];
  rightKeys: string[];
}

/** Every conflict of the instance: few, and mostly none. */
export const listConflictRows = (db: Db): Promise<ConflictRow[]> =>
  db.dutyConflict.findMany({
    select: { id: true, organizationId: true, name: true, leftKeys: true, rightKeys: true },
    orderBy: { id: "asc" },
  });

export interface Giver {
  permissionKey: string;
  roleId: string;
}

/** The roles that give these permissions by themselves, on whatever condition. */
export const listGivers = (keys: string[], db: Db): Promise<Giver[]> =>
  db.$queryRaw<Giver[]>`
    SELECT p.key AS "permissionKey", rp.role_id AS "roleId"
      FROM permissions p
      JOIN role_permissions rp ON rp.permission_id = p.id
     WHERE p.key = ANY(${keys}::text[])`;

/** Policies in force that give everybody one of these permissions, without a condition. */
export const listOpenPolicies = (
  keys: string[],
  db: Db,
): Promise<{ organizationId: string | null; permissions: string[] }[]> =>
  db.$queryRaw`
    SELECT o.organization_id AS "organizationId", v.permissions
      FROM policies o
      JOIN policy_versions v ON v.policy_id = o.id AND v.number = o.active_number
     WHERE v.effect = 'allow' AND v.condition IS NULL AND cardinality(v.fields) = 0
       AND v.permissions && ${keys}::text[]`;

/** By what somebody comes to hold one side of a conflict. */
export interface Side {
  /** Having one of these roles, by whatever path. */
  roleIds: string[];
  /** Being in one of these organizations, where a policy gives it to everybody. */
  organizationIds: string[];
  /** Being anywhere: such a policy holds on the whole instance. */
  everywhere: boolean;
}

/** How many grants give one of these roles; counts no further than `countMax`. */
export async function countGrantsOf(roleIds: string[], countMax: number, db: Db): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count
      FROM (SELECT 1 FROM given_roles g WHERE g.given_role_id = ANY(${roleIds}::uuid[])
             LIMIT ${countMax}) few`;
  return row.count;
}

export interface HolderRow {
  holder: "user" | "service";
  holderId: string;
  organizationId: string;
}

/**
 * The members of organizations who hold both sides there, by whatever path. Starts from `rare`: whoever
 * else has the other side is never looked at. `within` null is everywhere.
 */
export const listUsersWithBoth = (
  rare: Side,
  other: Side,
  within: string | null,
  countMax: number,
  db: Db = prisma(),
): Promise<HolderRow[]> =>
  db.$queryRaw<HolderRow[]>`
    WITH rare AS MATERIALIZED (
      SELECT DISTINCT m.user_id, m.organization_id
        FROM given_roles g
        JOIN memberships m ON m.user_id = g.user_id
         AND (g.organization_id IS NULL OR g.organization_id = m.organization_id)
       WHERE g.given_role_id = ANY(${rare.roleIds}::uuid[])
         AND (${within}::uuid IS NULL OR m.organization_id = ${within}::uuid)
      UNION
      SELECT m.user_id, m.organization_id
        FROM memberships m
       WHERE (${rare.everywhere} OR m.organization_id = ANY(${rare.organizationIds}::uuid[]))
         AND (${within}::uuid IS NULL OR m.organization_id = ${within}::uuid)
    )
    SELECT 'user' AS holder, r.user_id AS "holderId", r.organization_id AS "organizationId"
      FROM rare r
     WHERE ${other.everywhere} OR r.organization_id = ANY(${other.organizationIds}::uuid[])
        OR EXISTS (SELECT 1 FROM given_roles g
                    WHERE g.user_id = r.user_id AND g.given_role_id = ANY(${other.roleIds}::uuid[])
                      AND (g.organization_id IS NULL OR g.organization_id = r.organization_id))
     ORDER BY r.user_id, r.organization_id
     LIMIT ${countMax}`;

/** The same of service accounts, of which there are few. */
export const listServicesWithBoth = (
  left: Side,
  right: Side,
  within: string | null,
  countMax: number,
  db: Db = prisma(),
): Promise<HolderRow[]> =>
  db.$queryRaw<HolderRow[]>`
    SELECT 'service' AS holder, a.client_id AS "holderId", a.organization_id AS "organizationId"
      FROM service_accounts a
     WHERE (${within}::uuid IS NULL OR a.organization_id = ${within}::uuid)
       AND (${left.everywhere} OR a.organization_id = ANY(${left.organizationIds}::uuid[])
            OR EXISTS (SELECT 1 FROM service_given_roles g
                        WHERE g.client_id = a.client_id
                          AND g.given_role_id = ANY(${left.roleIds}::uuid[])))
       AND (${right.everywhere} OR a.organization_id = ANY(${right.organizationIds}::uuid[])
            OR EXISTS (SELECT 1 FROM service_given_roles g
                        WHERE g.client_id = a.client_id
                          AND g.given_role_id = ANY(${right.roleIds}::uuid[])))
     ORDER BY a.client_id
     LIMIT ${countMax}`;

/** Of these users, whom a waiver of the conflict covers now; one row a user and organization. */
export const listWaivedRows = (
  conflictId: string,
  userIds: string[],
  db: Db = prisma(),
): Promise<{ userId: string; organizationId: string; expiresAt: Date }[]> =>
  db.$queryRaw`
    SELECT user_id AS "userId", organization_id AS "organizationId", expires_at AS "expiresAt"
      FROM duty_waivers
     WHERE conflict_id = ${conflictId}::uuid AND user_id = ANY(${userIds}::uuid[])
       AND expires_at > now()`;

/** What these are called: the address of a user, the name of a client. */
export const listHolderNames = (
  ids: string[],
  db: Db = prisma(),
): Promise<{ id: string; name: string }[]> =>
  db.$queryRaw`
    SELECT u.id::text AS id, u.email AS name FROM users u WHERE u.id::text = ANY(${ids}::text[])
    UNION ALL
    SELECT c.id, c.name FROM oidc_clients c WHERE c.id = ANY(${ids}::text[])
     ORDER BY 2`;

/** Waits for changes of who may do what, and is seen by those that come after; others may do the same. */
export async function shareInstance(db: Db): Promise<void> {
  await db.$queryRaw`SELECT id FROM instance WHERE id = 1 FOR SHARE`;
}

export interface ClashPathRow {
  holderId: string;
  permissionKey: string;
  roleName: string;
  givenRoleName: string;
  teamName: string | null;
  expiresAt: Date | null;
}

/** By what users and service accounts hold these permissions in an organization, one row a path. */
export const listClashPaths = (
  { userIds, clientIds }: { userIds: string[]; clientIds: string[] },
  keys: string[],
  organizationId: string,
  db: Db = prisma(),
): Promise<ClashPathRow[]> =>
  db.$queryRaw<ClashPathRow[]>`
    SELECT g.user_id::text AS "holderId", p.key AS "permissionKey",
           held.name AS "roleName", given.name AS "givenRoleName", t.name AS "teamName",
           g.expires_at AS "expiresAt"
      FROM given_roles g
      JOIN roles held ON held.id = g.role_id
      JOIN roles given ON given.id = g.given_role_id
      JOIN role_permissions rp ON rp.role_id = g.given_role_id
      JOIN permissions p ON p.id = rp.permission_id AND p.key = ANY(${keys}::text[])
      LEFT JOIN teams t ON t.id = g.team_id
     WHERE g.user_id = ANY(${userIds}::uuid[])
       AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid)
    UNION ALL
    SELECT g.client_id, p.key, held.name, given.name, NULL, NULL
      FROM service_given_roles g
      JOIN roles held ON held.id = g.role_id
      JOIN roles given ON given.id = g.given_role_id
      JOIN role_permissions rp ON rp.role_id = g.given_role_id
      JOIN permissions p ON p.id = rp.permission_id AND p.key = ANY(${keys}::text[])
     WHERE g.client_id = ANY(${clientIds}::text[]) AND g.organization_id = ${organizationId}::uuid
     ORDER BY 2, 3, 4`;
