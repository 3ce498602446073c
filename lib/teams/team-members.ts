import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import type { Db } from "@/lib/platform/db/client";
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
    { confirmed: false, probe },
    "team.member_added",
    (team, tx) => insertMember(team.id, userId, team.organizationId, tx),
  );

/** Takes somebody out of the team; what they had by it is gone with their next request. */
export const removeTeamMember = (
  caller: Caller,
  teamId: string,
  userId: string,
  terms: PartTerms,
): Promise<MemberChange> =>
  changeMember(caller, teamId, userId, terms, "team.member_removed", (team, tx) =>
    deleteMember(team.id, userId, tx),
  );

function changeMember(
  caller: Caller,
  teamId: string,
  userId: string,
  partTerms: PartTerms,
  action: string,
  write: (team: CountedTeam, tx: Db) => Promise<boolean>,
): Promise<MemberChange> {
  const terms = { ...partTerms, expectedVersion: null, reaches: "team" } as const;
  return changeTeam(caller, teamId, terms, async (team, tx): Promise<MemberChange> => {
    const governed = await governUser(asCaller(caller), TEAM_PERMISSIONS.manage, userId, tx);
    if (governed.outcome === "not-found") return { outcome: "rejected", reason: "unknown-user" };
    if (governed.outcome !== "governed") return governed;
    const changed = await write(team, tx);
    if (changed) {
      const user = { id: governed.user.id, email: governed.user.email };
      const states = action === "team.member_added" ? { after: { user } } : { before: { user } };
      await recordChange(caller, { action, target: targetOf(teamId), ...states }, tx);
    }
    return { outcome: "done", changed };
  });
}
