import "server-only";
import { findRoleIdsByName } from "@/lib/authz/find-roles";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";
import { type RoleAssignment, replaceRoles } from "@/lib/users/assign-roles";
import { changeUser, type UserUpdate } from "@/lib/users/update-user";
import { type ListedUser, listUserRows } from "@/lib/users/user-directory-store";
import {
  findDefaultOrganizationId,
  findUserByEmail,
  listAddressRows,
} from "@/lib/users/user-store";

const USERS_MAX = 1_000;

/** The newest users of the installation's own organization, for whoever owns the machine. */
export async function listUsersAsOperator(): Promise<ListedUser[]> {
  const organizationId = await findDefaultOrganizationId();
  return listUserRows(organizationId, { sort: "newest" }, {}, null, USERS_MAX);
}

/** The ids of roles by their names, and the names that no role has. */
export async function resolveRoleNames(
  names: string[],
): Promise<{ ids: string[]; unknown: string[]; known: string[] }> {
  const known = await findRoleIdsByName(await findDefaultOrganizationId());
  return {
    ids: names.flatMap((name) => known.get(name) ?? []),
    unknown: names.filter((name) => !known.has(name)),
    known: [...known.keys()].sort(),
  };
}

/** The id of the user with this address; null when there is none. */
export const findUserId = async (email: string): Promise<string | null> =>
  (await findUserByEmail(email))?.id ?? null;

/** Of these users, by id or by address, both. Who is none is left out. */
export const listAddressesAsOperator = (
  named: { ids: string[]; emails: string[] },
  tx: Db,
): Promise<{ id: string; email: string }[]> => listAddressRows(named, tx);

/** Disables the user with this address and ends their sessions. */
export async function disableUserAsOperator(
  email: string,
  request: RequestFacts,
): Promise<UserUpdate> {
  const user = await findUserByEmail(email);
  if (user === null) return { outcome: "not-found" };
  return changeUser({ kind: "operator", request }, user.id, { status: "disabled" }, true);
}

/** Enables the user with this address again. */
export async function enableUserAsOperator(
  email: string,
  request: RequestFacts,
): Promise<UserUpdate> {
  const user = await findUserByEmail(email);
  if (user === null) return { outcome: "not-found" };
  return changeUser({ kind: "operator", request }, user.id, { status: "active" }, true);
}

/** Gives or takes one role by name; with the same guards as in the panel. */
export async function changeRoleAsOperator(
  email: string,
  roleName: string,
  change: "grant" | "revoke",
  request: RequestFacts,
): Promise<RoleAssignment> {
  const user = await findUserByEmail(email);
  if (user === null) return { outcome: "not-found" };
  const { ids, unknown } = await resolveRoleNames([roleName]);
  if (unknown.length > 0) return { outcome: "rejected", reason: "unknown-role" };
  const wanted = (present: string[]) =>
    change === "grant" ? [...present, ...ids] : present.filter((id) => !ids.includes(id));
  const timedToo = change === "revoke" ? ids : [];
  return replaceRoles({ kind: "operator", request }, user.id, wanted, {
    confirmed: true,
    timedToo,
  });
}
