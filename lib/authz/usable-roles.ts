import "server-only";
import { listAllowedNewcomer } from "@/lib/authz/allowed-alone";
import type { Authority } from "@/lib/authz/authority";
import {
  listDecidedByDomains,
  listDecidedByEach,
  listDecidedByRoles,
  listDecidedByTeams,
  listGivenBy,
} from "@/lib/authz/decided-store";
import { listGivable } from "@/lib/authz/givable";
import { type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import {
  findRoleRows,
  listDefaultRoleRows,
  listRoleRows,
  type RoleRow,
} from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";

/** A role with all that it gives, as other features see it. */
export type UsableRole = RoleRow;

/** Nobody picks from a longer list; the API reaches every role by its id. */
const ROLES_MAX = 500;

export interface GrantableRole {
  id: string;
  name: string;
  description: string;
  /** Given to whoever signs up. */
  isDefault: boolean;
  /** What giving and taking it needs and the caller could not pass on; with none, they may. */
  missing: string[];
}

/** Every role that the caller's organization can use, with what they lack to give it there. */
export async function measureRoles(caller: Caller): Promise<GrantableRole[]> {
  const { organizationId } = caller.principal;
  return inTransaction(async (tx) => {
    const givable = await listGivable(caller, tx);
    const roles = await listRoleRows(organizationId, null, ROLES_MAX, tx);
    const decided = await listDecidedByEach(
      roles.map(({ id }) => id),
      organizationId,
      tx,
    );
    return roles.map((role) => {
      const required = [...holdingsOfRole(role, organizationId), ...(decided.get(role.id) ?? [])];
      return {
        id: role.id,
        name: role.name,
        description: role.description,
        isDefault: role.isDefault,
        missing: permissionKeysOf(missingFrom(givable, required)),
      };
    });
  });
}

/** What an organization can use, as people pick from it. */
export async function listRoleChoices(
  organizationId: string,
): Promise<{ id: string; name: string }[]> {
  const roles = await listRoleRows(organizationId, null, ROLES_MAX);
  return roles.map(({ id, name }) => ({ id, name }));
}

/** The roles with these ids, or null when the organization cannot use one of them (ATK-43). */
export async function findUsableRoles(
  roleIds: string[],
  organizationId: string,
  tx: Db,
): Promise<RoleRow[] | null> {
  const roles = await findRoleRows(roleIds, organizationId, tx);
  return roles.length === roleIds.length ? roles : null;
}

/**
 * Where a grant of these roles may hold: on the whole instance when its author
 * holds all that is in them there, and otherwise in the organization, which
 * still has to be checked. A grant never reaches further than its author.
 */
export async function reachOfGrant(
  authority: Authority,
  roles: RoleRow[],
  organizationId: string,
  tx: Db,
): Promise<{ holdIn: string | null; required: Holding[] }> {
  if (authority.kind === "operator") return { holdIn: null, required: [] };
  const held = await listOwnHoldings(authority.caller.principal, tx);
  const everywhere = await requiredForRoles(roles, null, tx);
  if (missingFrom(held, everywhere).length === 0) return { holdIn: null, required: everywhere };
  return { holdIn: organizationId, required: await requiredForRoles(roles, organizationId, tx) };
}

/** The same of the roles of whoever signs up, which whoever may add people gives with their account. */
export async function reachOfDefaultRoles(
  authority: Authority,
  organizationId: string,
  tx: Db,
): Promise<string | null> {
  const roles = await listDefaultRoleRows(organizationId, tx);
  return (await reachOfGrant(authority, roles, organizationId, tx)).holdIn;
}

/**
 * What whoever passes these roles on must hold: all that they give, and all that is decided by
 * who has them. The place is where the grant will hold; null is everywhere.
 */
export async function requiredForRoles(
  roles: RoleRow[],
  place: string | null,
  tx: Db,
): Promise<Holding[]> {
  const ids = roles.map(({ id }) => id);
  const given = roles.flatMap((role) => holdingsOfRole(role, place));
  return [...given, ...(await listDecidedByRoles(ids, place, tx))];
}

/** The same of whoever lets people into a team, or out of it, that has these roles by all it is within. */
export async function requiredForTeam(
  { id, organizationId }: { id: string; organizationId: string },
  roles: RoleRow[],
  tx: Db,
): Promise<Holding[]> {
  const given = await requiredForRoles(roles, organizationId, tx);
  return [...given, ...(await listDecidedByTeams([id], organizationId, tx))];
}

/** The same of whoever lets people in with the roles of those who sign up. */
export async function requiredForDefaultRoles(organizationId: string, tx: Db): Promise<Holding[]> {
  const roles = await listDefaultRoleRows(organizationId, tx);
  return requiredForRoles(roles, organizationId, tx);
}

/**
 * The same of whoever gives somebody an address, or takes one from them, on their own word: what is
 * decided by its domain. Who shows that they read its mail needs nobody for that.
 */
export const requiredForAddresses = (
  emails: string[],
  place: string | null,
  tx: Db,
): Promise<Holding[]> =>
  listDecidedByDomains(
    [...new Set(emails.map((email) => email.slice(email.lastIndexOf("@") + 1)))],
    place,
    tx,
  );

/**
 * What whoever makes somebody a member at once must hold: what is decided by the domain of the address
 * that they choose, and what policies will allow the newcomer and not them. A newcomer is in no team
 * and is named by nothing, so that whatever leaves their author out does not leave them out.
 */
export async function requiredForNewcomer(
  authority: Authority,
  { id, email, roleIds }: { id: string; email: string; roleIds: string[] | null },
  organizationId: string,
  tx: Db,
): Promise<Holding[]> {
  if (authority.kind === "operator") return [];
  const given = roleIds ?? (await listDefaultRoleRows(organizationId, tx)).map((role) => role.id);
  const newcomer = {
    kind: "user" as const,
    id,
    organizationId,
    email,
    roleIds: await listGivenBy(given, tx),
  };
  return [
    ...(await requiredForAddresses([email], organizationId, tx)),
    ...(await listAllowedNewcomer(newcomer, authority.caller.principal, tx)),
  ];
}
