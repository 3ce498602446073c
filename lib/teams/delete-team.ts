import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isForeignKeyViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import { changeTeam, type TeamRejection, targetOf } from "@/lib/teams/team-change";
import { countTeamsWithin, deleteTeamRow } from "@/lib/teams/team-store";

const NOT_EMPTY = { outcome: "rejected", reason: "has-teams" } as const;

export type TeamDeletion =
  | { outcome: "deleted" }
  | { outcome: "rejected"; reason: "has-teams" }
  | TeamRejection;

/** Deletes a team that has no team within it; whoever was in it loses what it gave in the same instant. */
export async function deleteTeam(
  caller: Caller,
  teamId: string,
  terms: ChangeTerms,
): Promise<TeamDeletion> {
  try {
    return await changeTeam(
      caller,
      teamId,
      { ...terms, reaches: "members" },
      async (team, tx): Promise<TeamDeletion> => {
        if ((await countTeamsWithin(teamId, tx)) > 0) return NOT_EMPTY;
        await deleteTeamRow(teamId, tx);
        const { name, description, memberCount, roleCount } = team;
        const before = { name, description, memberCount, roleCount };
        await recordChange(
          caller,
          { action: "team.deleted", target: targetOf(teamId), before },
          tx,
        );
        return { outcome: "deleted" };
      },
    );
  } catch (error) {
    if (isForeignKeyViolation(error)) return NOT_EMPTY;
    throw error;
  }
}
