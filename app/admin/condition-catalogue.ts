import "server-only";
import type {
  ConditionCatalogue,
  NamedChoice,
} from "@/components/admin/condition-editor/catalogue";
import type { ConditionNames } from "@/components/admin/condition-words";
import { listTeamChoices, nameIdsIn } from "@/lib/authz/condition-names";
import { can } from "@/lib/authz/decide";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { listResourceTypes } from "@/lib/authz/resource-types";
import { listRoleChoices } from "@/lib/authz/usable-roles";
import type { Caller } from "@/lib/shared/caller";
import { listUsers } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** Nobody picks from a longer list; a condition can name others in its JSON. */
const USERS_MAX = 200;

const merged = (...lists: NamedChoice[][]): NamedChoice[] =>
  [...new Map(lists.flat().map((choice) => [choice.id, choice])).values()].sort((a, b) =>
    a.name.localeCompare(b.name),
  );

async function userChoices(caller: Caller): Promise<NamedChoice[]> {
  if (!(await can(caller, USER_PERMISSIONS.view))) return [];
  const listing = await listUsers(caller, { sort: "email" }, { limit: USERS_MAX });
  if (listing.outcome === "rejected") return [];
  return listing.users.map(({ id, email }) => ({ id, name: email }));
}

/**
 * What the editor of conditions offers to this caller: names of their own organization alone, and
 * those that they may see. `conditions` are those that will be shown, so that they show names.
 */
export async function conditionCatalogue(
  caller: Caller,
  conditions: readonly unknown[] = [],
): Promise<ConditionCatalogue> {
  const named = await nameIdsIn(caller, conditions, USER_PERMISSIONS.view);
  const roles = (await can(caller, ROLE_PERMISSIONS.view))
    ? await listRoleChoices(caller.principal.organizationId)
    : [];
  return {
    recordTypes: listResourceTypes().map(([name, { ownerField, fields, hideable = [] }]) => ({
      name,
      ownable: ownerField !== undefined,
      fields: { ...fields },
      hideable: [...hideable],
    })),
    roles: merged(roles, named.roles),
    teams: merged(await listTeamChoices(caller), named.teams),
    users: merged(await userChoices(caller), named.users),
    timeZones: ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")],
  };
}

/** The names that put these conditions into words, without a catalogue. */
export async function conditionNames(
  caller: Caller,
  conditions: readonly unknown[],
): Promise<ConditionNames> {
  const { roles, teams, users } = await nameIdsIn(caller, conditions, USER_PERMISSIONS.view);
  return Object.fromEntries([...roles, ...teams, ...users].map(({ id, name }) => [id, name]));
}
