import "server-only";
import type { Operator } from "@/lib/authz/authority";
import { findUsableRoles } from "@/lib/authz/usable-roles";
import type { Db } from "@/lib/platform/db/client";
import { inPlace, inTenant } from "@/lib/platform/db/tenant";
import { listTeamRoleRows } from "@/lib/teams/team-role-store";
import { findTeamRow, listAllTeamRows, type TeamWithRoles } from "@/lib/teams/team-store";
import {
  findMove,
  type NOT_EMPTY,
  writeNewTeam,
  writeTeamDeletion,
  writeTeamDescription,
  writeTeamMove,
  writeTeamRole,
  writeTeamRoleRemoval,
} from "@/lib/teams/write-team";

// Teams as whoever operates the machine changes them, each within a guarded change: by the rules that
// hold for everybody, and without a question about permissions of their own. Who is in them is no
// part of it.

export type { TeamWithRoles };

/** Every team of the installation, with the roles that it has itself and for good. */
export const listTeamsAsOperator = (tx: Db): Promise<TeamWithRoles[]> =>
  inPlace(null, listAllTeamRows, tx);

export type TeamWriteRejection =
  | NonNullable<Awaited<ReturnType<typeof writeNewTeam>>>
  | Exclude<Awaited<ReturnType<typeof findMove>>, { outcome: "fits" }>
  | typeof NOT_EMPTY
  | { outcome: "rejected"; reason: "unknown-role" };

/** Creates a team at the top, without members and roles. */
export const createTeamAsOperator = (
  operator: Operator,
  team: { id: string; organizationId: string; name: string; description: string },
  tx: Db,
): Promise<TeamWriteRejection | null> =>
  writeNewTeam(operator, { ...team, parentId: null }, null, tx);

/** Changes what a team is described as. */
export const describeTeamAsOperator = (
  operator: Operator,
  team: TeamWithRoles,
  description: string,
  tx: Db,
): Promise<TeamWriteRejection | null> =>
  writeTeamDescription(operator, team, { name: team.name, description }, tx);

/** Puts a team, with all within it, into another one or at the top. */
export async function moveTeamAsOperator(
  operator: Operator,
  { id, organizationId }: { id: string; organizationId: string },
  parentId: string | null,
  tx: Db,
): Promise<TeamWriteRejection | null> {
  const team = await inTenant(
    organizationId,
    (tenant) => findTeamRow(id, organizationId, tenant),
    tx,
  );
  if (team === null) throw new Error("a team was gone before it was moved");
  if (team.parentId === parentId) return null;
  const move = await findMove(team, parentId, tx);
  if (move.outcome === "rejected") return move;
  await writeTeamMove(operator, team, move, tx);
  return null;
}

/** Makes a team have exactly these roles for good. One that it has for a time has no end then. */
export async function setTeamRolesAsOperator(
  operator: Operator,
  { id, organizationId }: { id: string; organizationId: string },
  roleIds: readonly string[],
  tx: Db,
): Promise<TeamWriteRejection | null> {
  const found = await inTenant(
    organizationId,
    async (tenant) => ({
      team: await findTeamRow(id, organizationId, tenant),
      rows: await listTeamRoleRows(id, tenant),
    }),
    tx,
  );
  const { team, rows } = found;
  if (team === null) throw new Error("a team was gone before it got its roles");
  const lasting = rows.filter((row) => row.teamId === id && row.expiresAt === null);
  const present = lasting.map(({ roleId }) => roleId);
  const touched = [...new Set([...present, ...roleIds])];
  const roles = await findUsableRoles(touched, team.organizationId, tx);
  if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
  for (const role of roles) {
    const [has, should] = [present.includes(role.id), roleIds.includes(role.id)];
    if (has && !should) await writeTeamRoleRemoval(operator, team, role, tx);
    if (should && !has) await writeTeamRole(operator, team, role, null, tx);
  }
  return null;
}

/** Deletes a team that has no team within it; who was in it loses what it gave in the same instant. */
export async function deleteTeamAsOperator(
  operator: Operator,
  { id, organizationId }: { id: string; organizationId: string },
  tx: Db,
): Promise<TeamWriteRejection | null> {
  const team = await inTenant(
    organizationId,
    (tenant) => findTeamRow(id, organizationId, tenant),
    tx,
  );
  return team === null ? null : writeTeamDeletion(operator, team, tx);
}
