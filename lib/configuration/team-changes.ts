import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { TeamEntry } from "@/lib/configuration/configuration.schema";
import type { Difference } from "@/lib/configuration/plan";
import type { Present } from "@/lib/configuration/present";
import { isHere, ownPlace, placeOf, type Work } from "@/lib/configuration/work";
import {
  createTeamAsOperator,
  deleteTeamAsOperator,
  describeTeamAsOperator,
  moveTeamAsOperator,
  setTeamRolesAsOperator,
} from "@/lib/teams/operate-teams";

export const parentOf = (team: object | null): string | null =>
  (team as TeamEntry | null)?.parent ?? null;

export async function putTeam(one: Difference, { operator, present, tx }: Work) {
  const organizationId = ownPlace(one, present.names);
  const { name, description } = one.after as TeamEntry;
  const row = present.teams.find(isHere(name, organizationId));
  if (row !== undefined) return describeTeamAsOperator(operator, row, description, tx);
  const id = present.names.teamId(name, organizationId);
  return createTeamAsOperator(operator, { id, organizationId, name, description }, tx);
}

export async function moveTeam(one: Difference, parent: string | null, work: Work) {
  const { operator, present, tx } = work;
  const organizationId = ownPlace(one, present.names);
  const id = present.names.teamId(one.name, organizationId);
  const parentId = parent === null ? null : present.names.teamId(parent, organizationId);
  return moveTeamAsOperator(operator, { id, organizationId }, parentId, tx);
}

export async function setTeamRoles(one: Difference, { operator, present, tx }: Work) {
  const [before, after] = [one.before, one.after] as (TeamEntry | null)[];
  const roles = after?.roles ?? [];
  // Nothing of it is asked where nothing of it differs.
  if (isDeepStrictEqual(before?.roles ?? [], roles)) return null;
  const organizationId = ownPlace(one, present.names);
  const id = present.names.teamId(one.name, organizationId);
  const roleIds = roles.map((ref) => present.names.roleId(ref, organizationId));
  return setTeamRolesAsOperator(operator, { id, organizationId }, roleIds, tx);
}

export async function dropTeam(one: Difference, { operator, present, tx }: Work) {
  const organizationId = ownPlace(one, present.names);
  const row = present.teams.find(isHere(one.name, organizationId));
  return row === undefined ? null : deleteTeamAsOperator(operator, row, tx);
}

/** A team goes after those that were within it. */
export function deepestFirst(differences: Difference[], { teams, names }: Present): Difference[] {
  const depthOf = (one: Difference): number => {
    let [depth, row] = [0, teams.find(isHere(one.name, placeOf(one, names)))];
    for (; row !== undefined && depth <= teams.length; depth += 1) {
      const { parentId }: { parentId: string | null } = row;
      row = teams.find(({ id }) => id === parentId);
    }
    return depth;
  };
  return differences
    .map((one) => ({ one, depth: depthOf(one) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ one }) => one);
}
