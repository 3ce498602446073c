import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { loadedCondition } from "@/lib/authz/condition-sql";
import { ask } from "@/lib/platform/db/ask";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import type { Principal } from "@/lib/shared/principal";

/** One path to one permission; of a role that gives none, one row without a permission. */
export interface GrantRow {
  roleId: string;
  roleName: string;
  givenRoleId: string;
  givenRoleName: string;
  teamId: string | null;
  teamName: string | null;
  expiresAt: Date | null;
  permissionKey: string | null;
  resourceType: string | null;
  condition: unknown;
}

/** What is about the whole instance counts only where the path holds there: `everywhere` says so. */
const gives = (everywhere: string): string => `JOIN roles held ON held.id = g.role_id
             JOIN roles given ON given.id = g.given_role_id
             LEFT JOIN role_permissions rp ON rp.role_id = g.given_role_id
             LEFT JOIN permissions p ON p.id = rp.permission_id
              AND (NOT p.instance_wide OR ${everywhere})`;
const GIVES = gives("g.organization_id IS NULL");
/** A service account acts in one organization, and in no other. */
const GIVES_SERVICES = gives("false");
const COLUMNS = `g.role_id AS "roleId", held.name AS "roleName",
                  g.given_role_id AS "givenRoleId", given.name AS "givenRoleName",
                  p.key AS "permissionKey", p.resource_type AS "resourceType",
                  ${loadedCondition("rp.condition")}`;

/** {@link listGrants} of many at once. */
export async function listGrantsOf(
  userIds: string[],
  organizationId: string,
): Promise<(GrantRow & { userId: string })[]> {
  const { rows } = await pool().query<GrantRow & { userId: string }>({
    name: "list-grants-of-users",
    text: `SELECT g.user_id AS "userId", ${COLUMNS}, g.team_id AS "teamId", t.name AS "teamName",
                  g.expires_at AS "expiresAt"
             FROM given_roles g
             ${GIVES}
             LEFT JOIN teams t ON t.id = g.team_id
            WHERE g.user_id = ANY($1::uuid[])
              AND (g.organization_id IS NULL OR g.organization_id = $2)
            ORDER BY g.user_id, g.role_id, g.given_role_id, g.team_id, p.key`,
    values: [userIds, organizationId],
  });
  return rows;
}

/** {@link listTeamIds} of many at once. */
export async function listTeamIdsOf(
  userIds: string[],
  organizationId: string,
): Promise<{ userId: string; id: string }[]> {
  const { rows } = await pool().query<{ userId: string; id: string }>({
    name: "list-team-ids-of-users",
    text: `SELECT DISTINCT m.user_id AS "userId", c.ancestor_id AS id
             FROM team_memberships m JOIN team_closure c ON c.team_id = m.team_id
            WHERE m.user_id = ANY($1::uuid[]) AND m.organization_id = $2
            ORDER BY m.user_id, c.ancestor_id`,
    values: [userIds, organizationId],
  });
  return rows;
}

/**
 * Every permission that the user's roles give in this organization, one row a
 * path. Instance-wide grants count everywhere. Expired grants are left out by
 * the database's clock (D19).
 */
export const listGrants = (userId: string, organizationId: string, db?: Db): Promise<GrantRow[]> =>
  ask(
    "list-grants",
    Prisma.sql`SELECT ${Prisma.raw(COLUMNS)}, g.team_id AS "teamId", t.name AS "teamName",
                  g.expires_at AS "expiresAt"
             FROM given_roles g
             ${Prisma.raw(GIVES)}
             LEFT JOIN teams t ON t.id = g.team_id
            WHERE g.user_id = ${userId}::uuid
              AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid)
            ORDER BY g.role_id, g.given_role_id, g.team_id, p.key`,
    db,
  );

/** The same of a service account, in the organization that it acts in and in no other. */
export const listServiceGrants = (
  clientId: string,
  organizationId: string,
  db?: Db,
): Promise<GrantRow[]> =>
  ask(
    "list-service-grants",
    Prisma.sql`SELECT ${Prisma.raw(COLUMNS)}, NULL AS "teamId", NULL AS "teamName", NULL AS "expiresAt"
             FROM service_given_roles g
             ${Prisma.raw(GIVES_SERVICES)}
            WHERE g.client_id = ${clientId} AND g.organization_id = ${organizationId}::uuid
            ORDER BY g.role_id, g.given_role_id, p.key`,
    db,
  );

/** Whether the principal still is an active member, or a service account, of their organization. */
export async function isThere(
  { means, userId, organizationId }: Pick<Principal, "means" | "userId" | "organizationId">,
  db: Db,
): Promise<boolean> {
  const found =
    means === "service"
      ? await db.serviceAccount.count({ where: { clientId: userId, organizationId } })
      : await db.user.count({
          where: { id: userId, status: "active", memberships: { some: { organizationId } } },
        });
  return found === 1;
}

/** Every team of the organization that the user is in, those above them among them. */
export async function listTeamIds(
  userId: string,
  organizationId: string,
  db?: Db,
): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    "list-team-ids",
    Prisma.sql`SELECT DISTINCT c.ancestor_id AS id
             FROM team_memberships m JOIN team_closure c ON c.team_id = m.team_id
            WHERE m.user_id = ${userId}::uuid AND m.organization_id = ${organizationId}::uuid
            ORDER BY c.ancestor_id`,
    db,
  );
  return rows.map(({ id }) => id);
}

export interface PolicyRow {
  id: string;
  name: string;
  number: number;
  stage: "active" | "shadow";
  effect: "allow" | "deny";
  /** The resource types of the permissions that it is about, by their keys. */
  types: Record<string, string>;
  fields: string[];
  condition: unknown;
}

/** The policies in force or in shadow that count in this organization. */
export const listPoliciesInForce = (organizationId: string, db?: Db): Promise<PolicyRow[]> =>
  ask(
    "list-policies-in-force",
    Prisma.sql`SELECT o.id, o.name, v.number, s.stage, v.effect, v.fields,
                  ${Prisma.raw(loadedCondition("v.condition"))},
                  (SELECT COALESCE(jsonb_object_agg(p.key, p.resource_type), '{}')
                     FROM permissions p
                    WHERE p.key = ANY (v.permissions)
                      AND (NOT p.instance_wide OR o.organization_id IS NULL)) AS types
             FROM policies o
            CROSS JOIN LATERAL (VALUES ('active', o.active_number), ('shadow', o.shadow_number))
                    AS s (stage, number)
             JOIN policy_versions v ON v.policy_id = o.id AND v.number = s.number
            WHERE o.organization_id IS NULL OR o.organization_id = ${organizationId}::uuid
            ORDER BY o.id, s.stage`,
    db,
  );
