import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { isCheckViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import {
  changedTeam,
  changeTeam,
  checkTeamWithinOwn,
  type TeamRejection,
  targetOf,
} from "@/lib/teams/team-change";
import { type CountedTeam, findTeamRow, isWithin, updateTeamRow } from "@/lib/teams/team-store";

const WITHIN_ITSELF = { outcome: "rejected", reason: "within-itself" } as const;

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
        const { organizationId } = team;
        const [from, to] = [
          team.parentId && (await findTeamRow(team.parentId, organizationId, tx)),
          parentId === null ? null : await findTeamRow(parentId, organizationId, tx),
        ];
        if (parentId !== null && to === null) {
          return { outcome: "rejected", reason: "unknown-parent" };
        }
        if (to !== null && (await isWithin(to.id, teamId, tx))) return WITHIN_ITSELF;
        const beyond = to && (await checkTeamWithinOwn(caller, to, tx));
        if (beyond !== null) return beyond;
        await updateTeamRow(teamId, { parentId }, tx);
        const event = {
          action: "team.moved",
          target: targetOf(teamId),
          before: { parent: from ? from.name : null },
          after: { parent: to?.name ?? null },
        };
        await recordChange(caller, event, tx);
        return changedTeam(team, tx);
      },
    );
  } catch (error) {
    // The database has the last word: the guard above saw a tree that somebody has changed past it.
    if (isCheckViolation(error, "teams_have_no_cycle")) return WITHIN_ITSELF;
    throw error;
  }
}
