import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { MEMBER, SERVICE, SERVICE_ACCOUNTS } from "@/lib/authz/asker-sql";
import { type AskerSql, couldCountSql, surelyCountsSql } from "@/lib/authz/could-count-sql";
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

export interface AllowingPolicy {
  id: string;
  name: string;
  /** Where it counts; null is everywhere. */
  organizationId: string | null;
  permissions: string[];
  /** As stored; null allows everybody. */
  condition: unknown;
}

/** Policies in force that allow one of these permissions, on whatever condition. */
export const listAllowingPolicies = (keys: string[], db: Db): Promise<AllowingPolicy[]> =>
  db.$queryRaw`
    SELECT o.id, o.name, o.organization_id AS "organizationId", v.permissions, v.condition
      FROM policies o
      JOIN policy_versions v ON v.policy_id = o.id AND v.number = o.active_number
     WHERE v.effect = 'allow' AND cardinality(v.fields) = 0 AND v.permissions && ${keys}::text[]
     ORDER BY o.name, o.id`;

/** By what somebody comes to hold one side of a conflict. */
export interface Side {
  /** Having one of these roles, by whatever path. */
  roleIds: string[];
  /** Being somebody whom one of these could allow it. */
  policies: AllowingPolicy[];
}

/** Whether one of the policies could allow it to the asker, in some request and for some record. */
function byPolicy(policies: AllowingPolicy[], asker: AskerSql): Prisma.Sql {
  const each = policies.map(({ organizationId, condition }) =>
    organizationId === null
      ? couldCountSql(condition, asker)
      : Prisma.sql`(${asker.organizationId} = ${organizationId}::uuid
                    AND ${couldCountSql(condition, asker)})`,
  );
  return each.length === 0 ? Prisma.sql`FALSE` : Prisma.sql`(${Prisma.join(each, " OR ")})`;
}

const byRole = (roleIds: string[], { kind, id, organizationId }: AskerSql): Prisma.Sql =>
  kind === "user"
    ? Prisma.sql`EXISTS (SELECT 1 FROM given_roles g
                          WHERE g.user_id = ${id} AND g.given_role_id = ANY(${roleIds}::uuid[])
                            AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}))`
    : Prisma.sql`EXISTS (SELECT 1 FROM service_given_roles g
                          WHERE g.client_id = ${id} AND g.given_role_id = ANY(${roleIds}::uuid[]))`;

const holds = ({ roleIds, policies }: Side, asker: AskerSql): Prisma.Sql =>
  Prisma.sql`(${byRole(roleIds, asker)} OR ${byPolicy(policies, asker)})`;

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
        JOIN users u ON u.id = m.user_id
       WHERE ${byPolicy(rare.policies, MEMBER)}
         AND (${within}::uuid IS NULL OR m.organization_id = ${within}::uuid)
    )
    SELECT 'user' AS holder, m.user_id AS "holderId", m.organization_id AS "organizationId"
      FROM rare m
      JOIN users u ON u.id = m.user_id
     WHERE ${holds(other, MEMBER)}
     ORDER BY m.user_id, m.organization_id
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
      FROM ${SERVICE_ACCOUNTS} a
     WHERE (${within}::uuid IS NULL OR a.organization_id = ${within}::uuid)
       AND ${holds(left, SERVICE)} AND ${holds(right, SERVICE)}
     ORDER BY a.client_id
     LIMIT ${countMax}`;

/** Whether the user would hold all of these sides as a member of the organization, or does. */
export async function userHolds(
  userId: string,
  organizationId: string,
  sides: Side[],
  db: Db,
): Promise<boolean> {
  const each = sides.map((side) => holds(side, MEMBER));
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT u.id
      FROM users u
     CROSS JOIN LATERAL (SELECT u.id AS user_id, ${organizationId}::uuid AS organization_id) m
     WHERE u.id = ${userId}::uuid AND ${Prisma.join(each, " AND ")}`;
  return rows.length > 0;
}

/** Whether one of these policies could allow it to the user or the service account there. */
export async function isAllowedBy(
  { kind, id }: { kind: AskerSql["kind"]; id: string },
  organizationId: string,
  policies: AllowingPolicy[],
  db: Db,
): Promise<boolean> {
  const rows = await db.$queryRaw<{ id: string }[]>(
    kind === "user"
      ? Prisma.sql`
        SELECT m.user_id::text AS id
          FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.user_id = ${id}::uuid AND m.organization_id = ${organizationId}::uuid
           AND ${byPolicy(policies, MEMBER)}`
      : Prisma.sql`
        SELECT a.client_id AS id FROM ${SERVICE_ACCOUNTS} a
         WHERE a.client_id = ${id} AND a.organization_id = ${organizationId}::uuid
           AND ${byPolicy(policies, SERVICE)}`,
  );
  return rows.length > 0;
}

/** Of these holders in an organization, whom the policy could allow it, and whether it surely does. */
export const listAllowed = (
  { userIds, clientIds }: { userIds: string[]; clientIds: string[] },
  policy: AllowingPolicy,
  organizationId: string,
  db: Db,
): Promise<{ holderId: string; sure: boolean }[]> =>
  db.$queryRaw`
    SELECT m.user_id::text AS "holderId", ${surelyCountsSql(policy.condition, MEMBER)} AS sure
      FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.user_id = ANY(${userIds}::uuid[]) AND m.organization_id = ${organizationId}::uuid
       AND ${byPolicy([policy], MEMBER)}
    UNION ALL
    SELECT a.client_id, ${surelyCountsSql(policy.condition, SERVICE)}
      FROM ${SERVICE_ACCOUNTS} a
     WHERE a.client_id = ANY(${clientIds}::text[]) AND a.organization_id = ${organizationId}::uuid
       AND ${byPolicy([policy], SERVICE)}`;

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
