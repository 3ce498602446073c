import "server-only";
import { missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import { listHoldings, listRolesOf } from "@/lib/authz/holdings-store";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import { listPermissionRows, listRoleRows, type RoleRow } from "@/lib/authz/role-store";
import type { Rule } from "@/lib/authz/rule";
import { readTrace } from "@/lib/authz/stored-trace";
import { replay, type Trace } from "@/lib/authz/trace";
import { findTraceRow } from "@/lib/authz/trace-store";
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
 * The roles that would have given what the principal was refused, those that give least first: with
 * one of them the same decision would have been a yes. None that they hold by now, and none for a
 * decision about somebody else. What they give besides is not told.
 */
export async function suggestRoles(
  { userId, organizationId }: Principal,
  decisionId: string,
): Promise<NamedRole[]> {
  const refusal = await findOwnRefusal(decisionId, userId, organizationId);
  if (refusal === null) return [];
  const candidates = (await listRoleRows(organizationId, null, ROLES_MAX)).filter(
    ({ gives, emergency }) =>
      !emergency && gives.some(({ permissionKey }) => permissionKey === refusal.permissionKey),
  );
  const given = await listRolesOf(
    { userIds: [userId], clientIds: [], roleIds: candidates.map(({ id }) => id) },
    organizationId,
  );
  const rolesOf = (subjectId: string): string[] =>
    given
      .filter((it) => it.subjectId === subjectId)
      .filter((it) => [null, organizationId].includes(it.organizationId))
      .map(({ roleId }) => roleId);
  const held = rolesOf(userId);
  return candidates
    .filter((role) => !held.includes(role.id) && wouldAllow(refusal, role, rolesOf(role.id)))
    .sort((one, other) => one.gives.length - other.gives.length)
    .slice(0, SUGGESTED_MAX)
    .map(named);
}

/** What the user was refused by this decision; null when it is somebody else's, or is not kept. */
async function findOwnRefusal(
  decisionId: string,
  userId: string,
  organizationId: string,
): Promise<Trace | null> {
  if (!isId(decisionId)) return null;
  const row = await findTraceRow(decisionId.toLowerCase(), organizationId);
  const read = row && readTrace(row.trace);
  if (read?.kind !== "decision") return null;
  const { facts, verdict } = read.trace;
  return facts.principal.id === userId && !verdict.allowed ? read.trace : null;
}

/** Whether the decision would have been a yes for the same person with this role and all that it inherits. */
function wouldAllow(refusal: Trace, role: RoleRow, roleIds: string[]): boolean {
  const { facts, permissionKey, rules } = refusal;
  const { id: roleId, name: roleName } = role;
  const source: Rule["source"] = {
    kind: "grant",
    roleId,
    roleName,
    givenRoleId: roleId,
    givenRoleName: roleName,
    teamId: null,
    teamName: null,
    expiresAt: null,
  };
  const gained = role.gives
    .filter((given) => given.permissionKey === permissionKey)
    .map(({ condition }): Rule => ({ effect: "allow", source, condition, fields: [] }));
  const { principal } = facts;
  const withRole = { ...principal, roleIds: [...principal.roleIds, ...roleIds] };
  return replay({
    ...refusal,
    facts: { ...facts, principal: withRole },
    rules: [...rules, ...gained],
  }).allowed;
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
    gained: permissionKeysOf(missingFrom(await listHoldings([userId], tx), required)),
  };
}
