import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { changedTeam, checkTeamWithinOwn, targetOf } from "@/lib/teams/team-change";
import { isNameTaken } from "@/lib/teams/team-name";
import { type CountedTeam, countTeams, findTeamRow, insertTeamRow } from "@/lib/teams/team-store";

/** A tree of more is read by nobody, and is drawn as a whole. */
export const TEAMS_MAX = 1_000;

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;

export type TeamCreation =
  | { outcome: "created"; team: CountedTeam }
  | { outcome: "rejected"; reason: "name-taken" | "unknown-parent" | "too-many-teams" }
  | BeyondOwn
  | GuardRejection;

/**
 * Creates a team without members and roles in the caller's organization. Within another team only
 * by who holds all that the other gives, as whoever will be in it has that (ATK-42).
 */
export async function createTeam(
  caller: Caller,
  { name, description, parentId }: { name: string; description: string; parentId: string | null },
): Promise<TeamCreation> {
  const id = newId();
  const { manage } = TEAM_PERMISSIONS;
  await authorize(caller, manage, { id });
  const { organizationId } = caller.principal;
  try {
    return await inGuardedChange(asCaller(caller), false, async (tx): Promise<TeamCreation> => {
      const lost = await checkWithinOwn(asCaller(caller), manage, [], undefined, tx);
      if (lost !== null) return lost;
      const parent = parentId === null ? null : await findTeamRow(parentId, organizationId, tx);
      if (parentId !== null && parent === null) {
        return { outcome: "rejected", reason: "unknown-parent" };
      }
      const beyond = parent && (await checkTeamWithinOwn(caller, parent, tx));
      if (beyond !== null) return beyond;
      if (await isNameTaken({ id, organizationId }, name, tx)) return NAME_TAKEN;
      if ((await countTeams(organizationId, tx)) >= TEAMS_MAX) {
        return { outcome: "rejected", reason: "too-many-teams" };
      }
      await insertTeamRow({ id, organizationId, parentId, name, description }, tx);
      const after = { name, description, parent: parent?.name ?? null };
      await recordChange(caller, { action: "team.created", target: targetOf(id), after }, tx);
      return { ...(await changedTeam({ id, organizationId }, tx)), outcome: "created" };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
