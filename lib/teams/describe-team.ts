import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import { changedTeam, changeTeam, type TeamRejection, targetOf } from "@/lib/teams/team-change";
import { isNameTaken } from "@/lib/teams/team-name";
import { type CountedTeam, updateTeamRow } from "@/lib/teams/team-store";

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;

export type TeamDescriptionChange =
  | { outcome: "changed"; team: CountedTeam }
  | { outcome: "rejected"; reason: "name-taken" }
  | TeamRejection;

/** Changes what a team is called, and nothing about who is in it or what they have. */
export async function describeTeam(
  caller: Caller,
  teamId: string,
  change: { name?: string | undefined; description?: string | undefined },
  expectedVersion: number | null,
): Promise<TeamDescriptionChange> {
  const terms: ChangeTerms = { expectedVersion, confirmed: false };
  try {
    return await changeTeam(
      caller,
      teamId,
      { ...terms, reaches: "team" },
      async (team, tx): Promise<TeamDescriptionChange> => {
        const before = { name: team.name, description: team.description };
        const after = {
          name: change.name ?? team.name,
          description: change.description ?? team.description,
        };
        if (after.name === before.name && after.description === before.description) {
          return { outcome: "changed", team };
        }
        if (after.name !== before.name && (await isNameTaken(team, after.name, tx))) {
          return NAME_TAKEN;
        }
        await updateTeamRow(teamId, after, tx);
        const event = { action: "team.updated", target: targetOf(teamId), before, after };
        await recordChange(caller, event, tx);
        return changedTeam(team, tx);
      },
    );
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
