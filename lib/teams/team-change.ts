import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type ChangeTerms, type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Holding } from "@/lib/authz/holdings";
import { findUsableRoles, requiredForTeam } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkNoneAbove, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { listMemberIds } from "@/lib/teams/team-member-store";
import { listTeamRoleRows } from "@/lib/teams/team-role-store";
import { type CountedTeam, findTeamRow } from "@/lib/teams/team-store";

/** The same for what is done whatever version of the team is there. */
export type PartTerms = Omit<ChangeTerms, "expectedVersion">;

export type TeamRejection =
  | { outcome: "not-found" }
  /** Somebody changed the team since it was read. */
  | { outcome: "rejected"; reason: "stale"; version: number }
  | BeyondOwn
  | GuardRejection;

export const targetOf = (id: string) => ({ type: "team", id });

/**
 * Everything that whoever is in the team has by that: by its own roles, by those of all that it is
 * within, and by what is decided by who is in them.
 */
export async function requiredOfTeam(
  team: { id: string; organizationId: string },
  tx: Db,
): Promise<Holding[]> {
  const rows = await inTenant(
    team.organizationId,
    (tenant) => listTeamRoleRows(team.id, tenant),
    tx,
  );
  const given = rows.filter((row) => !row.expired && !row.foreign);
  const roleIds = [...new Set(given.map(({ roleId }) => roleId))];
  const roles = (await findUsableRoles(roleIds, team.organizationId, tx)) ?? [];
  return requiredForTeam(team, roles, tx);
}

/** Null when the caller holds all of that (ATK-42). */
export async function checkTeamWithinOwn(
  caller: Caller,
  team: { id: string; organizationId: string },
  tx: Db,
): Promise<BeyondOwn | null> {
  const required = await requiredOfTeam(team, tx);
  const { manage } = TEAM_PERMISSIONS;
  return checkWithinOwn(asCaller(caller), manage, required, targetOf(team.id), tx);
}

/**
 * Changes a team of the caller's organization that is within what they hold; one change after the
 * other. `reaches` is "members" where the change is felt by everybody in the team: then none of
 * them may be above the caller either.
 */
export async function changeTeam<T>(
  caller: Caller,
  teamId: string,
  terms: ChangeTerms & { reaches: "team" | "members" },
  work: (team: CountedTeam, tx: Db) => Promise<T>,
): Promise<T | TeamRejection> {
  const { manage } = TEAM_PERMISSIONS;
  await authorize(caller, manage, { id: teamId });
  const authority = asCaller(caller);
  const { organizationId } = caller.principal;
  const change = async (tx: Db): Promise<T | TeamRejection> => {
    const team = await inTenant(
      organizationId,
      (tenant) => findTeamRow(teamId, organizationId, tenant),
      tx,
    );
    if (team === null) return { outcome: "not-found" };
    if (terms.expectedVersion !== null && terms.expectedVersion !== team.version) {
      return { outcome: "rejected", reason: "stale", version: team.version };
    }
    const beyond = await checkTeamWithinOwn(caller, team, tx);
    if (beyond !== null) return beyond;
    if (terms.reaches === "members") {
      const members = await inTenant(
        organizationId,
        (tenant) => listMemberIds(team.id, tenant),
        tx,
      );
      const above = await checkNoneAbove(authority, manage, members, targetOf(team.id), tx);
      if (above !== null) return above;
    }
    return work(team, tx);
  };
  return inGuardedChange(authority, terms.confirmed, change, terms.probe);
}

/** The team as the change has left it. */
export async function changedTeam(
  { id, organizationId }: { id: string; organizationId: string },
  tx: Db,
): Promise<{ outcome: "changed"; team: CountedTeam }> {
  const team = await inTenant(
    organizationId,
    (tenant) => findTeamRow(id, organizationId, tenant),
    tx,
  );
  if (team === null) throw new Error("a team was not there after it was changed");
  return { outcome: "changed", team };
}
