import "server-only";
import type { Facts } from "@/lib/authz/facts";
import {
  type GrantRow,
  listGrants,
  listGrantsOf,
  listPoliciesInForce,
  listServiceGrants,
  listTeamIds,
  listTeamIdsOf,
  type PolicyRow,
} from "@/lib/authz/grants-store";
import type { Rule } from "@/lib/authz/rule";
import { isUndeniable } from "@/lib/authz/undeniable";
import type { Db } from "@/lib/platform/db/client";
import { processSingleton } from "@/lib/platform/process-singleton";
import type { Principal } from "@/lib/shared/principal";

/** The rules of this many principals are kept; the oldest goes first. */
const CACHE_SIZE_MAX = 5_000;

/** A policy's rule that is only counted, by the keys that it is about. */
export interface ShadowRule {
  rule: Rule & { source: { kind: "policy" } };
  permissions: string[];
}

export interface LoadedRules {
  held: Pick<Facts["principal"], "roleIds" | "teamIds">;
  /** The names of the roles that the principal has here, by whatever path; each once and sorted. */
  roleNames: string[];
  /** By the permission's key; those without a condition come first. */
  rules: ReadonlyMap<string, readonly Rule[]>;
  /** What the permissions among the rules are about, by their keys. */
  types: ReadonlyMap<string, string>;
  shadows: readonly ShadowRule[];
}

interface Cached extends LoadedRules {
  grantsVersion: string;
  /** The first instant at which a grant in it expires, in milliseconds. */
  validUntilMs: number;
}

const cache = () => processSingleton("rules", () => new Map<string, Cached>());

/**
 * The rules about what the principal may do now. The cache needs no invalidation: its key holds
 * the version that the session query has just read, so a change of roles, teams or policies
 * bites on the very next request of every instance (D5).
 */
export async function loadRules(principal: Principal): Promise<LoadedRules> {
  const { means, userId, organizationId, grantsVersion, asOf } = principal;
  const key = `${means === "service" ? "service" : "user"}:${userId}:${organizationId}`;
  const known = cache().get(key);
  if (known?.grantsVersion === grantsVersion && asOf.getTime() < known.validUntilMs) return known;
  const { grants, teamIds, policies } = await readRules(principal);
  const expiries = grants.flatMap(({ expiresAt }) => (expiresAt ? [expiresAt.getTime()] : []));
  const loaded: Cached = {
    grantsVersion,
    validUntilMs: Math.min(Number.POSITIVE_INFINITY, ...expiries),
    ...arrange(grants, teamIds, policies),
  };
  cache().delete(key);
  cache().set(key, loaded);
  const oldest = cache().size > CACHE_SIZE_MAX ? cache().keys().next().value : undefined;
  if (oldest !== undefined) cache().delete(oldest);
  return loaded;
}

async function readRules({ means, userId, organizationId }: RulesOwner) {
  const isService = means === "service";
  const [grants, teamIds, policies] = await Promise.all([
    isService ? listServiceGrants(userId, organizationId) : listGrants(userId, organizationId),
    isService ? [] : listTeamIds(userId, organizationId),
    listPoliciesInForce(organizationId),
  ]);
  return { grants, teamIds, policies };
}

/** The same as a transaction sees it, in which who may do what is changed, or anything by that right. */
export async function readRulesWithin(
  { means, userId, organizationId }: RulesOwner,
  tx: Db,
): Promise<LoadedRules> {
  const isService = means === "service";
  return arrange(
    isService
      ? await listServiceGrants(userId, organizationId, tx)
      : await listGrants(userId, organizationId, tx),
    isService ? [] : await listTeamIds(userId, organizationId, tx),
    await listPoliciesInForce(organizationId, tx),
  );
}

/** Of whom nobody knows anything. */
export const NO_RULES: LoadedRules = {
  held: { roleIds: [], teamIds: [] },
  roleNames: [],
  rules: new Map(),
  types: new Map(),
  shadows: [],
};

export type RulesOwner = Pick<Principal, "means" | "userId" | "organizationId">;

/** The same for somebody who is not here: nothing is kept. What runs out before `at` is left out. */
export async function readRulesOf(owner: RulesOwner, at?: Date): Promise<LoadedRules> {
  const { grants, teamIds, policies } = await readRules(owner);
  const lasting = grants.filter(
    ({ expiresAt }) => at === undefined || expiresAt === null || expiresAt > at,
  );
  return arrange(lasting, teamIds, policies);
}

/** The same for many users of one organization, by their ids, in as many statements as for one. */
export async function readRulesOfUsers(
  userIds: string[],
  organizationId: string,
): Promise<Map<string, LoadedRules>> {
  const [grants, teams, policies] = await Promise.all([
    listGrantsOf(userIds, organizationId),
    listTeamIdsOf(userIds, organizationId),
    listPoliciesInForce(organizationId),
  ]);
  const grantsBy = Map.groupBy(grants, ({ userId }) => userId);
  const teamsBy = Map.groupBy(teams, ({ userId }) => userId);
  return new Map(
    userIds.map((userId) => {
      const own = (grantsBy.get(userId) ?? []).map(({ userId: _, ...grant }) => grant);
      return [
        userId,
        arrange(
          own,
          (teamsBy.get(userId) ?? []).map(({ id }) => id),
          policies,
        ),
      ];
    }),
  );
}

/** The keys of permissions that a policy in force allows, to whomever its condition fits. */
export async function listPolicyAllowed(organizationId: string): Promise<Set<string>> {
  const policies = await listPoliciesInForce(organizationId);
  return new Set(
    policies.flatMap(({ stage, effect, types }) =>
      stage === "active" && effect === "allow" ? Object.keys(types) : [],
    ),
  );
}

/** Those without a condition come first: of several that fit the first is named. */
const withRule = (rules: readonly Rule[], rule: Rule): readonly Rule[] =>
  rule.condition === null ? [rule, ...rules] : [...rules, rule];

/** What a version of a policy says, in force or not yet. */
export interface PolicyContent {
  effect: "allow" | "deny";
  permissions: readonly string[];
  fields: string[];
  condition: unknown;
}

/**
 * The rules as they would be with this in force as the policy's version, in place of any other of
 * it; with null, without the policy. `typeOf` says what permissions are about.
 */
export function withPolicy(
  loaded: LoadedRules,
  policy: { id: string; name: string; number: number },
  content: PolicyContent | null,
  typeOf: ReadonlyMap<string, string>,
): LoadedRules {
  const isOther = ({ source }: Rule) => source.kind !== "policy" || source.id !== policy.id;
  const rules = new Map([...loaded.rules].map(([key, present]) => [key, present.filter(isOther)]));
  const types = new Map(loaded.types);
  const { effect = "allow", permissions = [], fields = [], condition = null } = content ?? {};
  for (const key of permissions) {
    const type = typeOf.get(key);
    if (type === undefined || (effect === "deny" && isUndeniable(key))) continue;
    const { id, name, number } = policy;
    const source = { kind: "policy", id, name, number } as const;
    types.set(key, type);
    rules.set(key, [...withRule(rules.get(key) ?? [], { effect, source, condition, fields })]);
  }
  return { ...loaded, rules, types };
}

/** Puts what the database has into the order in which it is asked. */
export function arrange(
  grants: readonly GrantRow[],
  teamIds: string[],
  policies: readonly PolicyRow[],
): LoadedRules {
  const rules = new Map<string, readonly Rule[]>();
  const types = new Map<string, string>();
  const add = (key: string, resourceType: string, rule: Rule) => {
    types.set(key, resourceType);
    rules.set(key, withRule(rules.get(key) ?? [], rule));
  };
  for (const { permissionKey, resourceType, condition, expiresAt, ...path } of grants) {
    if (permissionKey === null || resourceType === null) continue;
    const source = { kind: "grant", ...path, expiresAt: expiresAt?.toISOString() ?? null } as const;
    add(permissionKey, resourceType, { effect: "allow", source, condition, fields: [] });
  }
  const shadows: ShadowRule[] = [];
  for (const policy of policies) {
    const { id, name, number, stage, effect, types: about, fields, condition } = policy;
    const rule = {
      effect,
      source: { kind: "policy", id, name, number } as const,
      condition,
      fields,
    };
    // A row that the database should have refused takes away nothing that undoes it.
    const concerned = Object.entries(about).filter(
      ([key]) => effect === "allow" || !isUndeniable(key),
    );
    if (stage === "shadow") shadows.push({ rule, permissions: concerned.map(([key]) => key) });
    else for (const [key, type] of concerned) add(key, type, rule);
  }
  return {
    held: { roleIds: [...new Set(grants.map(({ givenRoleId }) => givenRoleId))], teamIds },
    roleNames: [...new Set(grants.map(({ givenRoleName }) => givenRoleName))].sort(),
    rules,
    types,
    shadows,
  };
}
