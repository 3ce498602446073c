import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { loadedCondition } from "@/lib/authz/condition-sql";
import type { Holding } from "@/lib/authz/holdings";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { Principal } from "@/lib/shared/principal";

const CONDITION = Prisma.raw(loadedCondition("rp.condition"));

/**
 * Everything that these users' roles give them together now by whatever path, wherever it holds,
 * whatever their status: the roles of a disabled user come back when they do.
 */
export function listHoldings(userIds: string[], db: Db): Promise<Holding[]> {
  return db.$queryRaw<Holding[]>`
    SELECT DISTINCT p.key AS "permissionKey", ${CONDITION}, g.organization_id AS "organizationId",
           g.expires_at AS until
      FROM given_roles g
      JOIN role_permissions rp ON rp.role_id = g.given_role_id
      JOIN permissions p ON p.id = rp.permission_id
     WHERE g.user_id = ANY(${userIds}::uuid[])`;
}

/** Everything that a client's roles give it as a service account. */
export function listServiceHoldings(clientId: string, db: Db): Promise<Holding[]> {
  return db.$queryRaw<Holding[]>`
    SELECT DISTINCT p.key AS "permissionKey", ${CONDITION}, g.organization_id AS "organizationId"
      FROM service_given_roles g
      JOIN role_permissions rp ON rp.role_id = g.given_role_id
      JOIN permissions p ON p.id = rp.permission_id
     WHERE g.client_id = ${clientId}`;
}

/** What the principal's roles give them now; nothing once their user is not active any more. */
export async function listActiveHoldings(
  { means, userId }: Pick<Principal, "means" | "userId">,
  db: Db,
): Promise<Holding[]> {
  if (means === "service") return listServiceHoldings(userId, db);
  const active = await db.user.count({ where: { id: userId, status: "active" } });
  return active === 1 ? listHoldings([userId], db) : [];
}

/** One role that somebody, something or another role has by whatever path, and where. */
export interface RoleOf {
  subjectId: string;
  roleId: string;
  organizationId: string | null;
}

/** What many have at once: users, service accounts, and roles as if they were given here. */
export function listRolesOf(
  { userIds, clientIds, roleIds }: Record<"userIds" | "clientIds" | "roleIds", string[]>,
  organizationId: string,
  db: Db = prisma(),
): Promise<RoleOf[]> {
  return db.$queryRaw<RoleOf[]>`
    SELECT DISTINCT user_id::text AS "subjectId", given_role_id AS "roleId",
           organization_id AS "organizationId"
      FROM given_roles WHERE user_id = ANY(${userIds}::uuid[])
    UNION ALL
    SELECT DISTINCT client_id, given_role_id, organization_id
      FROM service_given_roles WHERE client_id = ANY(${clientIds}::text[])
    UNION ALL
    SELECT c.role_id::text, c.given_role_id, COALESCE(r.organization_id, ${organizationId}::uuid)
      FROM role_closure c JOIN roles r ON r.id = c.role_id
     WHERE c.role_id = ANY(${roleIds}::uuid[])`;
}

/** What these roles give by themselves. */
export function listContents(
  roleIds: string[],
  db: Db,
): Promise<(Omit<Holding, "organizationId"> & { roleId: string })[]> {
  return db.$queryRaw<(Omit<Holding, "organizationId"> & { roleId: string })[]>`
    SELECT rp.role_id AS "roleId", p.key AS "permissionKey", ${CONDITION}
      FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id
     WHERE rp.role_id = ANY(${roleIds}::uuid[])`;
}

export interface MemberRow {
  id: string;
  email: string;
  name: string | null;
}

/** Those of these users who are active members of the organization, by address. */
export function listMemberRows(
  among: string[],
  organizationId: string,
  db: Db,
): Promise<MemberRow[]> {
  return db.user.findMany({
    where: { id: { in: among }, status: "active", memberships: { some: { organizationId } } },
    select: { id: true, email: true, name: true },
    orderBy: { email: "asc" },
  });
}

/**
 * Active members whom something in the organization could give the permission, by address: those whose
 * roles do, or with `byPolicy` everybody.
 */
export function listCandidateRows(
  permissionKey: string,
  organizationId: string,
  byPolicy: boolean,
  countMax: number,
  db: Db,
): Promise<MemberRow[]> {
  return db.$queryRaw<MemberRow[]>`
    SELECT u.id, u.email, u.name
      FROM users u
      JOIN memberships m ON m.user_id = u.id AND m.organization_id = ${organizationId}::uuid
     WHERE u.status = 'active'
       AND (${byPolicy}
            OR u.id IN (SELECT g.user_id
                          FROM permissions p
                          JOIN role_permissions rp ON rp.permission_id = p.id
                          JOIN given_roles g ON g.given_role_id = rp.role_id
                         WHERE p.key = ${permissionKey}
                           AND (g.organization_id IS NULL
                                OR g.organization_id = ${organizationId}::uuid)))
     ORDER BY u.email LIMIT ${countMax}`;
}

/** The address of the user, while they are active. */
export async function findActiveEmail(userId: string, db: Db): Promise<string | null> {
  const user = await db.user.findFirst({
    where: { id: userId, status: "active" },
    select: { email: true },
  });
  return user?.email ?? null;
}

/** Every change of who may do what waits here for the one before it, until its transaction ends. */
export async function lockInstance(db: Db): Promise<void> {
  await db.$queryRaw`SELECT id FROM instance WHERE id = 1 FOR UPDATE`;
}

export interface AdministratorCount {
  /** Active users who stay and hold every permission, without a condition, on the whole instance. */
  all: number;
  /** Those of them whose grants do not expire. */
  lasting: number;
}

/** Starts from the few who may manage roles, so that it costs the same among a million users. */
const ADMINISTRATORS = Prisma.sql`
    WITH candidates AS (
      SELECT DISTINCT g.user_id
        FROM permissions p
        JOIN role_permissions rp ON rp.permission_id = p.id
        JOIN given_roles g ON g.given_role_id = rp.role_id
       WHERE p.key = ${ROLE_PERMISSIONS.manage.key} AND rp.condition IS NULL
    ), administrators AS (
      SELECT u.id, u.email,
             count(DISTINCT rp.permission_id) FILTER (WHERE g.expires_at IS NULL) AS lasting
        FROM candidates c
        JOIN users u ON u.id = c.user_id AND u.status = 'active' AND u.deletion_due_at IS NULL
        JOIN given_roles g ON g.user_id = u.id AND g.organization_id IS NULL
        JOIN role_permissions rp ON rp.role_id = g.given_role_id AND rp.condition IS NULL
       GROUP BY u.id
      HAVING count(DISTINCT rp.permission_id) = (SELECT count(*) FROM permissions)
    )`;

export async function countAdministrators(db: Db): Promise<AdministratorCount> {
  const [row] = await db.$queryRaw<[AdministratorCount]>`
    ${ADMINISTRATORS}
    SELECT count(*)::int AS "all",
           (count(*) FILTER (WHERE lasting = (SELECT count(*) FROM permissions)))::int AS lasting
      FROM administrators`;
  return row;
}

/** Where somebody who holds everything can sign in. */
export interface AdministratorPlace {
  userId: string;
  organizationId: string;
  email: string;
}

const PLACES_MAX = 200;

/** The same people with their organizations, or in one of them; those whose grants last first. */
export function listAdministratorPlaces(
  organizationId: string | null,
  db: Db,
): Promise<AdministratorPlace[]> {
  return db.$queryRaw<AdministratorPlace[]>`
    ${ADMINISTRATORS}
    SELECT a.id AS "userId", m.organization_id AS "organizationId", a.email
      FROM administrators a
      JOIN memberships m ON m.user_id = a.id
     WHERE ${organizationId}::uuid IS NULL OR m.organization_id = ${organizationId}::uuid
     ORDER BY a.lasting DESC, a.id, m.organization_id
     LIMIT ${PLACES_MAX}`;
}
