import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTenant } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { changedTeam, checkTeamWithinOwn } from "@/lib/teams/team-change";
import { type CountedTeam, findTeamRow } from "@/lib/teams/team-store";
import { writeNewTeam } from "@/lib/teams/write-team";

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
      const parent =
        parentId === null
          ? null
          : await inTenant(
              organizationId,
              (tenant) => findTeamRow(parentId, organizationId, tenant),
              tx,
            );
      if (parentId !== null && parent === null) {
        return { outcome: "rejected", reason: "unknown-parent" };
      }
      const beyond = parent && (await checkTeamWithinOwn(caller, parent, tx));
      if (beyond !== null) return beyond;
      const row = { id, organizationId, parentId, name, description };
      const refusal = await writeNewTeam(asCaller(caller), row, parent, tx);
      if (refusal !== null) return refusal;
      return { ...(await changedTeam({ id, organizationId }, tx)), outcome: "created" };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
