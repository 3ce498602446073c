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

/** Puts what the database has into the order in which it is asked. */
export function arrange(
  grants: readonly GrantRow[],
  teamIds: string[],
  policies: readonly PolicyRow[],
): LoadedRules {
  const rules = new Map<string, Rule[]>();
  const types = new Map<string, string>();
  const add = (key: string, resourceType: string, rule: Rule) => {
    types.set(key, resourceType);
    const present = rules.get(key);
    if (present === undefined) rules.set(key, [rule]);
    else if (rule.condition === null) present.unshift(rule);
    else present.push(rule);
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
    if (stage === "shadow") shadows.push({ rule, permissions: Object.keys(about) });
    else for (const [key, type] of Object.entries(about)) add(key, type, rule);
  }
  return {
    held: { roleIds: [...new Set(grants.map(({ givenRoleId }) => givenRoleId))], teamIds },
    roleNames: [...new Set(grants.map(({ givenRoleName }) => givenRoleName))].sort(),
    rules,
    types,
    shadows,
  };
}
