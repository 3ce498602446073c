import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isCheckViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import {
  changedTeam,
  changeTeam,
  checkTeamWithinOwn,
  type TeamRejection,
} from "@/lib/teams/team-change";
import type { CountedTeam } from "@/lib/teams/team-store";
import { findMove, WITHIN_ITSELF, writeTeamMove } from "@/lib/teams/write-team";

export type TeamMove =
  | { outcome: "changed"; team: CountedTeam }
  /** The team that it would be within is within it. */
  | { outcome: "rejected"; reason: "unknown-parent" | "within-itself" }
  | TeamRejection;

/**
 * Puts a team, with all within it, into another one or at the top. Its members lose what the
 * former place gave and get what the new one gives: the caller holds both (ATK-42). Of two moves
 * that would close a cycle together one is refused.
 */
export async function moveTeam(
  caller: Caller,
  teamId: string,
  parentId: string | null,
  terms: ChangeTerms,
): Promise<TeamMove> {
  try {
    return await changeTeam(
      caller,
      teamId,
      { ...terms, reaches: "members" },
      async (team, tx): Promise<TeamMove> => {
        if (parentId === team.parentId) return { outcome: "changed", team };
        const move = await findMove(team, parentId, tx);
        if (move.outcome === "rejected") return move;
        const beyond = move.to && (await checkTeamWithinOwn(caller, move.to, tx));
        if (beyond !== null) return beyond;
        await writeTeamMove(asCaller(caller), team, move, tx);
        return changedTeam(team, tx);
      },
    );
  } catch (error) {
    // The database has the last word: the guard above saw a tree that somebody has changed past it.
    if (isCheckViolation(error, "teams_have_no_cycle")) return WITHIN_ITSELF;
    throw error;
  }
}
