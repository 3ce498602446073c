import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { ask } from "@/lib/platform/db/ask";
import type { Db } from "@/lib/platform/db/client";

export interface RolePath {
  roleId: string;
  roleName: string;
  /** The role that was given, where this one is inherited by it. */
  inheritedBy: string | null;
  /** The team that it was given to, where it was not given to the user. */
  team: string | null;
  /** The team that the user is in, where that is one within the other. */
  memberTeam: string | null;
  /** Whether it counts in every organization. */
  everywhere: boolean;
  expiresAt: Date | null;
}

/** Of a member of the organization; of nobody else any. */
export const listRolePathRows = (
  userId: string,
  organizationId: string,
  countMax: number,
  db?: Db,
): Promise<RolePath[]> =>
  ask(
    "list-role-paths",
    Prisma.sql`
      SELECT g.given_role_id AS "roleId", given.name AS "roleName",
             CASE WHEN g.role_id <> g.given_role_id THEN held.name END AS "inheritedBy",
             t.name AS team,
             CASE WHEN g.member_team_id <> g.team_id THEN mt.name END AS "memberTeam",
             g.organization_id IS NULL AS everywhere, g.expires_at AS "expiresAt"
        FROM given_roles g
        JOIN memberships m ON m.user_id = g.user_id AND m.organization_id = ${organizationId}::uuid
        JOIN roles given ON given.id = g.given_role_id
        JOIN roles held ON held.id = g.role_id
        LEFT JOIN teams t ON t.id = g.team_id
        LEFT JOIN teams mt ON mt.id = g.member_team_id
       WHERE g.user_id = ${userId}::uuid
         AND (g.organization_id IS NULL OR g.organization_id = ${organizationId}::uuid)
       ORDER BY g.role_id <> g.given_role_id, g.team_id IS NOT NULL, given.name, g.given_role_id,
                t.name, g.expires_at
       LIMIT ${countMax}`,
    db,
  );
