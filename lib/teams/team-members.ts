import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { inTenant, type TenantDb } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { changeTeam, type PartTerms, type TeamRejection, targetOf } from "@/lib/teams/team-change";
import { deleteMember, insertMember, type TeamMember } from "@/lib/teams/team-member-store";
import type { CountedTeam } from "@/lib/teams/team-store";
import { governUser } from "@/lib/users/govern-user";

export type { TeamMember };

export type MemberChange =
  /** `changed` is false where it was so already. */
  | { outcome: "done"; changed: boolean }
  /** Nobody of the organization has this id. */
  | { outcome: "rejected"; reason: "unknown-user" }
  | TeamRejection;

/**
 * Puts a member of the organization into the team. They get all that it gives and all that the
 * teams above give, so the caller holds that, and all that the user holds (ATK-42).
 */
export const addTeamMember = (
  caller: Caller,
  teamId: string,
  userId: string,
  { probe }: Pick<PartTerms, "probe"> = {},
): Promise<MemberChange> =>
  changeMember(
    caller,
    teamId,
    userId,
    // It asks nothing back: what a policy denies to the team, whoever may undo policies undoes.
    { confirmed: true, probe },
    "team.member_added",
    (team, tenant) => insertMember(team.id, userId, team.organizationId, tenant),
  );

/** Takes somebody out of the team; what they had by it is gone with their next request. */
export const removeTeamMember = (
  caller: Caller,
  teamId: string,
  userId: string,
  terms: PartTerms,
): Promise<MemberChange> =>
  changeMember(caller, teamId, userId, terms, "team.member_removed", (team, tenant) =>
    deleteMember(team.id, userId, tenant),
  );

function changeMember(
  caller: Caller,
  teamId: string,
  userId: string,
  partTerms: PartTerms,
  action: string,
  write: (team: CountedTeam, tenant: TenantDb) => Promise<boolean>,
): Promise<MemberChange> {
  const terms = { ...partTerms, expectedVersion: null, reaches: "team" } as const;
  return changeTeam(caller, teamId, terms, async (team, tx): Promise<MemberChange> => {
    const governed = await governUser(asCaller(caller), TEAM_PERMISSIONS.manage, userId, tx);
    if (governed.outcome === "not-found") return { outcome: "rejected", reason: "unknown-user" };
    if (governed.outcome !== "governed") return governed;
    const changed = await inTenant(team.organizationId, (tenant) => write(team, tenant), tx);
    if (changed) {
      const user = { id: governed.user.id, email: governed.user.email };
      const states = action === "team.member_added" ? { after: { user } } : { before: { user } };
      await recordChange(caller, { action, target: targetOf(teamId), ...states }, tx);
    }
    return { outcome: "done", changed };
  });
}
