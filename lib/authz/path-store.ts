import "server-only";
import { pool } from "@/lib/platform/db/pool";

export interface InheritanceEdge {
  roleId: string;
  inheritedRoleId: string;
  inheritedRoleName: string;
}

/** Every step of inheritance that begins at these roles or at what they give. */
export async function listInheritanceEdges(roleIds: string[]): Promise<InheritanceEdge[]> {
  if (roleIds.length === 0) return [];
  const { rows } = await pool().query<InheritanceEdge>({
    name: "list-inheritance-edges",
    text: `SELECT DISTINCT i.role_id AS "roleId", i.inherited_role_id AS "inheritedRoleId",
                  r.name AS "inheritedRoleName"
             FROM role_closure c
             JOIN role_inheritance i ON i.role_id = c.given_role_id
             JOIN roles r ON r.id = i.inherited_role_id
            WHERE c.role_id = ANY($1::uuid[])
            ORDER BY r.name, i.inherited_role_id`,
    values: [roleIds],
  });
  return rows;
}

/** What these are called, where the organization can see them: its roles, teams and members. */
export async function listNames(
  ids: string[],
  organizationId: string,
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool().query<{ id: string; name: string }>({
    name: "list-names-in-trace",
    text: `SELECT id, name FROM roles
            WHERE id = ANY($1::uuid[]) AND (organization_id IS NULL OR organization_id = $2)
            UNION ALL
           SELECT id, name FROM teams WHERE id = ANY($1::uuid[]) AND organization_id = $2
            UNION ALL
           SELECT u.id, u.email FROM users u
             JOIN memberships m ON m.user_id = u.id AND m.organization_id = $2
            WHERE u.id = ANY($1::uuid[])`,
    values: [ids, organizationId],
  });
  return rows;
}

export interface TeamStep {
  id: string;
  parentId: string | null;
  name: string;
  /** Whether the user is in this very team, and not only in one within it. */
  isMember: boolean;
}

/** The user's teams in the organization and those above them. */
export async function listTeamSteps(userId: string, organizationId: string): Promise<TeamStep[]> {
  const { rows } = await pool().query<TeamStep>({
    name: "list-team-steps",
    text: `SELECT t.id, t.parent_id AS "parentId", t.name, bool_or(m.team_id = t.id) AS "isMember"
             FROM team_memberships m
             JOIN team_closure c ON c.team_id = m.team_id
             JOIN teams t ON t.id = c.ancestor_id
            WHERE m.user_id = $1 AND m.organization_id = $2
            GROUP BY t.id
            ORDER BY t.name, t.id`,
    values: [userId, organizationId],
  });
  return rows;
}
