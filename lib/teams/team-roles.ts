import "server-only";
import { actorOfPrincipal, recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { findUsableRoles, requiredForRoles } from "@/lib/authz/usable-roles";
import { checkWithinOwn } from "@/lib/authz/within-own";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { changeTeam, type PartTerms, type TeamRejection, targetOf } from "@/lib/teams/team-change";
import {
  deleteTeamRole,
  isAhead,
  listTeamRoleRows,
  putTeamRole,
} from "@/lib/teams/team-role-store";

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
    const present = (await listTeamRoleRows(teamId, tx)).find(
      (row) => row.teamId === teamId && row.roleId === roleId,
    );
    if (present && present.expiresAt?.getTime() === expiresAt?.getTime()) {
      return { outcome: "done", changed: false };
    }
    const actor = actorOfPrincipal(caller.principal);
    const grantedById = actor.type === "user" ? actor.id : null;
    await putTeamRole({ teamId, roleId, grantedById, expiresAt }, tx);
    const after = { role: role.name, expiresAt: expiresAt?.toISOString() ?? null };
    await recordChange(caller, { action: "team.role_granted", target, after }, tx);
    return { outcome: "done", changed: true };
  });
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
    const present = (await listTeamRoleRows(teamId, tx)).find(
      (row) => row.teamId === team.id && row.roleId === roleId.toLowerCase(),
    );
    if (present === undefined) return { outcome: "done", changed: false };
    await deleteTeamRole(teamId, present.roleId, tx);
    const before = { role: present.roleName };
    const target = targetOf(teamId);
    await recordChange(caller, { action: "team.role_removed", target, before }, tx);
    return { outcome: "done", changed: true };
  });
}
