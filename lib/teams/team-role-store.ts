import "server-only";
import type { Db } from "@/lib/platform/db/client";
import type { TenantDb } from "@/lib/platform/db/tenant";

export interface TeamRoleRow {
  roleId: string;
  roleName: string;
  /** The team that has the role: this, or one that it is within. */
  teamId: string;
  teamName: string;
  expiresAt: Date | null;
  expired: boolean;
  /** The role is another organization's, and gives nothing here. */
  foreign: boolean;
}

/** The roles of a team and of all that it is within, its own first. */
export function listTeamRoleRows(teamId: string, db: TenantDb): Promise<TeamRoleRow[]> {
  return db.$queryRaw<TeamRoleRow[]>`
    SELECT r.id AS "roleId", r.name AS "roleName", t.id AS "teamId", t.name AS "teamName",
           tr.expires_at AS "expiresAt",
           tr.expires_at IS NOT NULL AND tr.expires_at <= now() AS expired,
           r.organization_id IS NOT NULL AND r.organization_id <> t.organization_id AS foreign
      FROM team_closure c
      JOIN teams t ON t.id = c.ancestor_id
      JOIN team_roles tr ON tr.team_id = t.id
      JOIN roles r ON r.id = tr.role_id
     WHERE c.team_id = ${teamId}::uuid
     ORDER BY t.id <> ${teamId}::uuid, r.name, r.id, t.name`;
}

/** In place of a grant of the same role, also of one that has run out. */
export async function putTeamRole(
  grant: { teamId: string; roleId: string; grantedById: string | null; expiresAt: Date | null },
  db: TenantDb,
): Promise<void> {
  const { teamId, roleId, ...rest } = grant;
  await db.teamRole.upsert({
    where: { teamId_roleId: { teamId, roleId } },
    create: grant,
    update: rest,
    select: { roleId: true },
  });
}

/** False when the team does not have it. */
export async function deleteTeamRole(
  teamId: string,
  roleId: string,
  db: TenantDb,
): Promise<boolean> {
  return (await db.teamRole.deleteMany({ where: { teamId, roleId } })).count === 1;
}

/** Whether the time has not come yet, by the database's clock. */
export async function isAhead(at: Date, db: Db): Promise<boolean> {
  const [row] = await db.$queryRaw<[{ ahead: boolean }]>`
    SELECT ${at}::timestamptz > now() AS ahead`;
  return row.ahead;
}
