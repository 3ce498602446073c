import "server-only";
import type { Grant, Structure, StructurePolicy } from "@/lib/authz/impact/structure";
import type { Db } from "@/lib/platform/db/client";

/**
 * All roles, teams and policies in force, as they are within the transaction. What is read is small
 * and joins no people, so that the instance is locked for as short as can be.
 */
export async function readStructure(tx: Db): Promise<Structure> {
  const roles = await tx.$queryRaw<
    { id: string; organizationId: string | null; grants: Grant[]; gives: string[] }[]
  >`
    SELECT r.id, r.organization_id AS "organizationId",
           COALESCE((SELECT jsonb_agg(jsonb_build_object('permissionKey', p.key, 'condition', rp.condition)
                                      ORDER BY p.key)
                       FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id
                      WHERE rp.role_id = r.id), '[]') AS grants,
           ARRAY(SELECT c.given_role_id::text FROM role_closure c
                  WHERE c.role_id = r.id ORDER BY c.given_role_id) AS gives
      FROM roles r`;
  const teams = await tx.$queryRaw<
    { id: string; organizationId: string; above: string[]; roles: string[] }[]
  >`
    SELECT t.id, t.organization_id AS "organizationId",
           ARRAY(SELECT c.ancestor_id::text FROM team_closure c
                  WHERE c.team_id = t.id ORDER BY c.ancestor_id) AS above,
           ARRAY(SELECT tr.role_id::text FROM team_roles tr
                  WHERE tr.team_id = t.id AND (tr.expires_at IS NULL OR tr.expires_at > now())
                  ORDER BY tr.role_id) AS roles
      FROM teams t`;
  const policies = await tx.$queryRaw<StructurePolicy[]>`
    SELECT o.id, v.number, o.organization_id AS "organizationId", v.effect::text AS effect,
           v.permissions, v.fields, v.condition
      FROM policies o
      JOIN policy_versions v ON v.policy_id = o.id AND v.number = o.active_number
     ORDER BY o.id`;
  const permissions = await tx.permission.findMany({ select: { key: true, resourceType: true } });
  return {
    roles: new Map(roles.map(({ id, ...role }) => [id, role])),
    teams: new Map(teams.map(({ id, ...team }) => [id, team])),
    policies,
    types: new Map(permissions.map(({ key, resourceType }) => [key, resourceType])),
  };
}
