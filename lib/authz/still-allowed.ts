import "server-only";
import { couldCount, surelyCounts } from "@/lib/authz/could-hold";
import { type Facts, NO_REQUEST } from "@/lib/authz/facts";
import { type Holding, missingFrom } from "@/lib/authz/holdings";
import { listMemberRows, type MemberRow } from "@/lib/authz/holdings-store";
import { type LoadedRules, readRulesWithin } from "@/lib/authz/load-rules";
import { listHoldingsOfUser } from "@/lib/authz/own-holdings";
import type { Rule } from "@/lib/authz/rule";
import { findUsableRoles, requiredForRoles } from "@/lib/authz/usable-roles";
import type { Db } from "@/lib/platform/db/client";
import type { Permission } from "@/lib/shared/permission";

/**
 * Whether there is a request in which the rules could let somebody do this. For what they once did, or
 * are chosen for: the yes of that moment stands until what gave it is taken from them or is denied to
 * them whatever the request. When they do it themselves, the evaluator decides.
 */
export function couldBeAllowed(
  { rules, held }: LoadedRules,
  { key }: Pick<Permission, "key">,
  { id, email }: Pick<MemberRow, "id" | "email">,
  organizationId: string,
): boolean {
  const facts = factsOfMember({ id, email }, held, organizationId);
  const about = rules.get(key) ?? [];
  return !isSurelyDenied(about, facts) && about.some((rule) => couldAllow(rule, facts));
}

const factsOfMember = (
  { id, email }: Pick<MemberRow, "id" | "email">,
  held: LoadedRules["held"],
  organizationId: string,
): Facts => ({
  principal: { kind: "user", id, email, organizationId, ...held },
  context: NO_REQUEST,
});

const couldAllow = (rule: Rule, facts: Facts): boolean =>
  rule.effect === "allow" && rule.fields.length === 0 && couldCount(rule, facts);

const isSurelyDenied = (about: readonly Rule[], facts: Facts): boolean =>
  about.some(
    (rule) => rule.effect === "deny" && rule.fields.length === 0 && surelyCounts(rule, facts),
  );

/**
 * What could be passed on in the organization by the right of somebody who makes no request: what
 * their roles give them, less what is denied them there whatever the request. Nothing once they are no
 * active member.
 */
export async function listGivableOfUser(
  userId: string,
  organizationId: string,
  tx: Db,
): Promise<Holding[]> {
  const [member] = await listMemberRows([userId], organizationId, tx);
  if (member === undefined) return [];
  const owner = { means: "session", userId, organizationId } as const;
  const { rules, held } = await readRulesWithin(owner, tx);
  const facts = factsOfMember(member, held, organizationId);
  return (await listHoldingsOfUser(userId, tx)).filter(
    ({ permissionKey }) => !isSurelyDenied(rules.get(permissionKey) ?? [], facts),
  );
}

/** Those of these users who are active members of the organization and could be allowed this. */
export async function findStillAllowed(
  permission: Permission,
  organizationId: string,
  userIds: string[],
  tx: Db,
): Promise<MemberRow[]> {
  const able: MemberRow[] = [];
  for (const member of await listMemberRows(userIds, organizationId, tx)) {
    const owner = { means: "session", userId: member.id, organizationId } as const;
    const loaded = await readRulesWithin(owner, tx);
    if (couldBeAllowed(loaded, permission, member, organizationId)) able.push(member);
  }
  return able;
}

/**
 * Which of these roles the user could give in the organization now; null when one of the permissions
 * for that has been taken from them, or they are no active member any more.
 */
export async function rolesWithin(
  userId: string,
  permissions: Permission[],
  roleIds: string[],
  organizationId: string,
  tx: Db,
): Promise<{ id: string; name: string }[] | null> {
  for (const permission of permissions) {
    const [member] = await findStillAllowed(permission, organizationId, [userId], tx);
    if (member === undefined) return null;
  }
  const held = await listGivableOfUser(userId, organizationId, tx);
  const within: { id: string; name: string }[] = [];
  for (const roleId of roleIds) {
    const [role] = (await findUsableRoles([roleId], organizationId, tx)) ?? [];
    if (role === undefined) continue;
    const required = await requiredForRoles([role], organizationId, tx);
    if (missingFrom(held, required).length === 0) within.push({ id: role.id, name: role.name });
  }
  return within;
}
