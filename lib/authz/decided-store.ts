import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Holding } from "@/lib/authz/holdings";
import type { Db } from "@/lib/platform/db/client";

/** Every condition that counts for somebody, with what it is about and where. */
const CONDITIONS = Prisma.sql`
    WITH conditions AS (
      SELECT p.key, rp.condition, r.organization_id
        FROM role_permissions rp
        JOIN roles r ON r.id = rp.role_id
        JOIN permissions p ON p.id = rp.permission_id
       WHERE rp.condition IS NOT NULL
      UNION ALL
      SELECT unnest(v.permissions), v.condition, o.organization_id
        FROM policies o
        JOIN policy_versions v ON v.policy_id = o.id AND v.number = o.active_number
       WHERE v.condition IS NOT NULL
    )`;

/**
 * The permissions that grants and policies decide by who has these roles, is in these teams or has an
 * address at these domains. Who gives or takes one of those decides this as well, though it gives
 * nothing by itself, so that it takes the permission without a condition. `place` is where the role,
 * team or address counts; null is everywhere.
 */
async function listDecidedBy(words: string[], place: string | null, db: Db): Promise<Holding[]> {
  if (words.length === 0) return [];
  // As they stand in a list of a condition.
  const quoted = words.map((word) => JSON.stringify(word));
  return db.$queryRaw<Holding[]>`
    ${CONDITIONS}
    SELECT DISTINCT c.key AS "permissionKey", NULL AS condition,
           COALESCE(c.organization_id, ${place}::uuid) AS "organizationId"
      FROM conditions c
     WHERE (c.organization_id IS NULL OR ${place}::uuid IS NULL OR c.organization_id = ${place}::uuid)
       AND EXISTS (SELECT 1 FROM unnest(${quoted}::text[]) AS w (word)
                    WHERE strpos(lower(c.condition::text), w.word) > 0)`;
}

/** The same of roles, and of all that they give. */
export async function listDecidedByRoles(
  roleIds: string[],
  place: string | null,
  db: Db,
): Promise<Holding[]> {
  return listDecidedBy(await listGivenBy(roleIds, db), place, db);
}

/** These roles, and all that they give. */
export async function listGivenBy(roleIds: string[], db: Db): Promise<string[]> {
  const rows = await db.roleClosure.findMany({
    where: { roleId: { in: roleIds } },
    distinct: ["givenRoleId"],
    select: { givenRoleId: true },
  });
  return rows.map(({ givenRoleId }) => givenRoleId);
}

/** The same of each of many roles by itself, by its id, in an organization. */
export async function listDecidedByEach(
  roleIds: string[],
  organizationId: string,
  db: Db,
): Promise<Map<string, Holding[]>> {
  const rows = await db.$queryRaw<(Holding & { roleId: string })[]>`
    ${CONDITIONS}
    SELECT DISTINCT w.role_id AS "roleId", c.key AS "permissionKey", NULL AS condition,
           ${organizationId} AS "organizationId"
      FROM conditions c
      JOIN role_closure w ON strpos(lower(c.condition::text), '"' || w.given_role_id || '"') > 0
     WHERE w.role_id = ANY(${roleIds}::uuid[])
       AND (c.organization_id IS NULL OR c.organization_id = ${organizationId}::uuid)`;
  return Map.groupBy(rows, ({ roleId }) => roleId);
}

/** The same of teams, and of all that they are within: a team counts in its organization. */
export async function listDecidedByTeams(
  teamIds: string[],
  organizationId: string,
  db: Db,
): Promise<Holding[]> {
  const rows = await db.teamClosure.findMany({
    where: { teamId: { in: teamIds } },
    distinct: ["ancestorId"],
    select: { ancestorId: true },
  });
  const ids = rows.map(({ ancestorId }) => ancestorId);
  return listDecidedBy(ids, organizationId, db);
}

/** The same of a place in a team: of the team, and of the roles that it and all above it have. */
export async function listDecidedByPlaceIn(
  teamId: string,
  organizationId: string,
  db: Db,
): Promise<Holding[]> {
  const roles = await db.$queryRaw<{ roleId: string }[]>`
    SELECT DISTINCT tr.role_id AS "roleId"
      FROM team_closure c JOIN team_roles tr ON tr.team_id = c.ancestor_id
     WHERE c.team_id = ${teamId}::uuid`;
  const ids = roles.map(({ roleId }) => roleId);
  return [
    ...(await listDecidedByTeams([teamId], organizationId, db)),
    ...(await listDecidedByRoles(ids, organizationId, db)),
  ];
}

/** The same of addresses at these domains. */
export const listDecidedByDomains = listDecidedBy;
