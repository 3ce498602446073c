import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { findUsableRoles, requiredForRoles } from "@/lib/authz/usable-roles";
import { checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { changeTeam, type PartTerms, type TeamRejection, targetOf } from "@/lib/teams/team-change";
import { isAhead, listTeamRoleRows, type TeamRoleRow } from "@/lib/teams/team-role-store";
import type { TeamRow } from "@/lib/teams/team-store";
import { writeTeamRole, writeTeamRoleRemoval } from "@/lib/teams/write-team";

export type TeamRoleChange =
  /** `changed` is false where it was so already. */
  | { outcome: "done"; changed: boolean }
  /** `past`: the role would have run out already. */
  | { outcome: "rejected"; reason: "unknown-role" | "past" }
  | TeamRejection;

/**
 * Gives a role to everybody in the team and in the teams within it, in the caller's organization
 * and nowhere else, until `expiresAt` if that is said. The caller holds all that the role gives,
 * and is below nobody who gets it (ATK-42).
 */
export function giveTeamRole(
  caller: Caller,
  teamId: string,
  { roleId, expiresAt }: { roleId: string; expiresAt: Date | null },
  { probe }: Pick<PartTerms, "probe"> = {},
): Promise<TeamRoleChange> {
  const terms = { expectedVersion: null, confirmed: false, probe, reaches: "members" } as const;
  return changeTeam(caller, teamId, terms, async (team, tx): Promise<TeamRoleChange> => {
    const roles = isId(roleId) ? await findUsableRoles([roleId], team.organizationId, tx) : null;
    const role = roles?.[0];
    if (role === undefined) return { outcome: "rejected", reason: "unknown-role" };
    if (expiresAt !== null && !(await isAhead(expiresAt, tx))) {
      return { outcome: "rejected", reason: "past" };
    }
    const required = await requiredForRoles([role], team.organizationId, tx);
    const { manage } = TEAM_PERMISSIONS;
    const target = targetOf(teamId);
    const beyond = await checkWithinOwn(asCaller(caller), manage, required, target, tx);
    if (beyond !== null) return beyond;
    const present = await findOwnRole(team, roleId, tx);
    if (present && present.expiresAt?.getTime() === expiresAt?.getTime()) {
      return { outcome: "done", changed: false };
    }
    await writeTeamRole(asCaller(caller), team, role, expiresAt, tx);
    return { outcome: "done", changed: true };
  });
}

/** The grant of the team itself, also one that has run out. */
async function findOwnRole(
  team: TeamRow,
  roleId: string,
  tx: Db,
): Promise<TeamRoleRow | undefined> {
  const rows = await inTenant(
    team.organizationId,
    (tenant) => listTeamRoleRows(team.id, tenant),
    tx,
  );
  return rows.find((row) => row.teamId === team.id && row.roleId === roleId);
}

/** Takes a role from the team; who had it by that loses it with their next request. */
export function takeTeamRole(
  caller: Caller,
  teamId: string,
  roleId: string,
  partTerms: PartTerms,
): Promise<TeamRoleChange> {
  const terms = { ...partTerms, expectedVersion: null, reaches: "members" } as const;
  return changeTeam(caller, teamId, terms, async (team, tx): Promise<TeamRoleChange> => {
    const present = await findOwnRole(team, roleId.toLowerCase(), tx);
    if (present === undefined) return { outcome: "done", changed: false };
    const role = { id: present.roleId, name: present.roleName };
    await writeTeamRoleRemoval(asCaller(caller), team, role, tx);
    return { outcome: "done", changed: true };
  });
}
