import "server-only";
import { leavesOf, readCondition } from "@/lib/authz/condition.schema";
import {
  listTeamRows,
  type Named,
  nameRoles,
  nameTeams,
  nameUsers,
} from "@/lib/authz/condition-names-store";
import { accessibleRows, can } from "@/lib/authz/decide";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import type { Permission } from "@/lib/shared/permission";

/** What conditions name by ids, each once. */
export interface NamedIds {
  roles: string[];
  teams: string[];
  users: string[];
}

/** All that these stored conditions name. One that cannot be read names nothing. */
export function idsNamedBy(conditions: readonly unknown[]): NamedIds {
  const leaves = conditions.flatMap((stored) => {
    const condition = readCondition(stored);
    return condition === null ? [] : leavesOf(condition);
  });
  const idsOf = (kind: "role" | "team" | "user") => [
    ...new Set(leaves.flatMap((leaf) => (leaf.kind === kind ? leaf.ids : []))),
  ];
  return { roles: idsOf("role"), teams: idsOf("team"), users: idsOf("user").filter(isId) };
}

/**
 * The names of what these conditions name, as far as the caller may see roles and users of their
 * own organization (ATK-43): what is left out is shown by its id. Decides nothing.
 */
export async function nameIdsIn(
  caller: Caller,
  conditions: readonly unknown[],
  viewUsers: Permission,
): Promise<Record<keyof NamedIds, Named[]>> {
  const { organizationId } = caller.principal;
  const ids = idsNamedBy(conditions);
  const [seesRoles, seesUsers] = [
    await can(caller, ROLE_PERMISSIONS.view),
    ids.users.length > 0 && (await can(caller, viewUsers)),
  ];
  return {
    roles: seesRoles ? await nameRoles(ids.roles, organizationId) : [],
    teams: seesRoles ? await nameTeams(ids.teams, organizationId) : [],
    users: seesUsers
      ? await nameUsers(ids.users, organizationId, await accessibleRows(caller, viewUsers))
      : [],
  };
}

/** The teams of the caller's organization, as people pick from them; none for who sees no roles. */
export async function listTeamChoices(caller: Caller): Promise<Named[]> {
  if (!(await can(caller, ROLE_PERMISSIONS.view))) return [];
  return listTeamRows(caller.principal.organizationId);
}
