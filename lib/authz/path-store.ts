import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { ask } from "@/lib/platform/db/ask";
import type { Db } from "@/lib/platform/db/client";

export interface InheritanceEdge {
  roleId: string;
  inheritedRoleId: string;
  inheritedRoleName: string;
}

/** Every step of inheritance that begins at these roles or at what they give. */
export async function listInheritanceEdges(roleIds: string[], db?: Db): Promise<InheritanceEdge[]> {
  if (roleIds.length === 0) return [];
  return ask(
    "list-inheritance-edges",
    Prisma.sql`SELECT DISTINCT i.role_id AS "roleId", i.inherited_role_id AS "inheritedRoleId",
                  r.name AS "inheritedRoleName"
             FROM role_closure c
             JOIN role_inheritance i ON i.role_id = c.given_role_id
             JOIN roles r ON r.id = i.inherited_role_id
            WHERE c.role_id = ANY(${roleIds}::uuid[])
            ORDER BY r.name, i.inherited_role_id`,
    db,
  );
}

/** What these are called, where the organization can see them: its roles, teams and members. */
export async function listNames(
  ids: string[],
  organizationId: string,
  db?: Db,
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return [];
  return ask(
    "list-names-in-trace",
    Prisma.sql`SELECT id, name FROM roles
            WHERE id = ANY(${ids}::uuid[])
              AND (organization_id IS NULL OR organization_id = ${organizationId}::uuid)
            UNION ALL
           SELECT id, name FROM teams
            WHERE id = ANY(${ids}::uuid[]) AND organization_id = ${organizationId}::uuid
            UNION ALL
           SELECT u.id, u.email FROM users u
             JOIN memberships m ON m.user_id = u.id AND m.organization_id = ${organizationId}::uuid
            WHERE u.id = ANY(${ids}::uuid[])`,
    db,
  );
}

export interface TeamStep {
  id: string;
  parentId: string | null;
  name: string;
  /** Whether the user is in this very team, and not only in one within it. */
  isMember: boolean;
}

/** The user's teams in the organization and those above them. */
export const listTeamSteps = (
  userId: string,
  organizationId: string,
  db?: Db,
): Promise<TeamStep[]> =>
  ask(
    "list-team-steps",
    Prisma.sql`SELECT t.id, t.parent_id AS "parentId", t.name, bool_or(m.team_id = t.id) AS "isMember"
             FROM team_memberships m
             JOIN team_closure c ON c.team_id = m.team_id
             JOIN teams t ON t.id = c.ancestor_id
            WHERE m.user_id = ${userId}::uuid AND m.organization_id = ${organizationId}::uuid
            GROUP BY t.id
            ORDER BY t.name, t.id`,
    db,
  );
