import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isForeignKeyViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import { changeTeam, type TeamRejection } from "@/lib/teams/team-change";
import { NOT_EMPTY, writeTeamDeletion } from "@/lib/teams/write-team";

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
        const rejection = await writeTeamDeletion(asCaller(caller), team, tx);
        if (rejection !== null) return rejection;
        return { outcome: "deleted" };
      },
    );
  } catch (error) {
    if (isForeignKeyViolation(error)) return NOT_EMPTY;
    throw error;
  }
}
