import "server-only";
import { missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import { listHoldings } from "@/lib/authz/holdings-store";
import { findRefusedKey } from "@/lib/authz/own-refusal-store";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import { listPermissionRows, listRoleRows, type RoleRow } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";
import { isId } from "@/lib/shared/id.schema";
import type { Principal } from "@/lib/shared/principal";

/** Nobody picks from a longer list. */
const ROLES_MAX = 500;
const SUGGESTED_MAX = 10;

export interface NamedRole {
  id: string;
  name: string;
  description: string;
}

const named = ({ id, name, description }: RoleRow): NamedRole => ({ id, name, description });

/** What an organization can use, by name: all that somebody is told who may see no roles. */
export async function listRoleNamesOf(organizationId: string): Promise<NamedRole[]> {
  return (await listRoleRows(organizationId, null, ROLES_MAX)).map(named);
}

/** Those of them that are there for emergencies. */
export async function listEmergencyRoles(organizationId: string): Promise<NamedRole[]> {
  const roles = await listRoleRows(organizationId, null, ROLES_MAX);
  return roles.filter(({ emergency }) => emergency).map(named);
}

/**
 * The roles that would have given what the principal was refused, those that give least first; none
 * for a decision about somebody else. What they give besides is not told.
 */
export async function suggestRoles(
  { userId, organizationId }: Principal,
  decisionId: string,
): Promise<NamedRole[]> {
  if (!isId(decisionId)) return [];
  const key = await findRefusedKey(decisionId, userId, organizationId);
  if (key === null) return [];
  const roles = await listRoleRows(organizationId, null, ROLES_MAX);
  return roles
    .filter(
      ({ gives, emergency }) => !emergency && gives.some((given) => given.permissionKey === key),
    )
    .sort((one, other) => one.gives.length - other.gives.length)
    .slice(0, SUGGESTED_MAX)
    .map(named);
}

export interface RoleGain {
  /** Everything that the role gives, with what it is for. */
  gives: { key: string; description: string }[];
  /** What of it the user does not hold yet in the organization. */
  gained: string[];
}

/** What somebody would be able to do by the role whom it is given to in the organization. */
export async function gainOf(
  userId: string,
  role: RoleRow,
  organizationId: string,
  tx: Db,
): Promise<RoleGain> {
  const required = holdingsOfRole(role, organizationId);
  const keys = permissionKeysOf(required);
  const descriptions = new Map(
    (await listPermissionRows(tx)).map(({ key, description }) => [key, description]),
  );
  return {
    gives: keys.map((key) => ({ key, description: descriptions.get(key) ?? "" })),
    gained: permissionKeysOf(missingFrom(await listHoldings(userId, tx), required)),
  };
}
