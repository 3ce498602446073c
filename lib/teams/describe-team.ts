import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import { changedTeam, changeTeam, type TeamRejection } from "@/lib/teams/team-change";
import type { CountedTeam } from "@/lib/teams/team-store";
import { writeTeamDescription } from "@/lib/teams/write-team";

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
        const after = {
          name: change.name ?? team.name,
          description: change.description ?? team.description,
        };
        const taken = await writeTeamDescription(asCaller(caller), team, after, tx);
        if (taken !== null) return taken;
        return changedTeam(team, tx);
      },
    );
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
