import "server-only";
import type { Facts } from "@/lib/authz/facts";
import {
  type InheritanceEdge,
  listInheritanceEdges,
  listTeamSteps,
  type TeamStep,
} from "@/lib/authz/path-store";
import type { Rule, RuleSource } from "@/lib/authz/rule";
import type { Db } from "@/lib/platform/db/client";

/** By which names a grant came to somebody. */
export interface GrantPath {
  /** From the team that they are in to the one that was given the role; empty for a role of their own. */
  teams: string[];
  /** From the role that was given to the one that names the permission. */
  roles: string[];
}

type Grant = Extract<RuleSource, { kind: "grant" }>;

export type PathFinder = (source: RuleSource) => GrantPath | null;

/** The shortest paths of these rules' grants, as the names are now; a policy has none. */
export async function findGrantPaths(
  rules: readonly Rule[],
  { kind, id, organizationId }: Pick<Facts["principal"], "kind" | "id" | "organizationId">,
  db?: Db,
): Promise<PathFinder> {
  const grants = rules.flatMap(({ source }) => (source.kind === "grant" ? [source] : []));
  const inherited = grants.filter(({ roleId, givenRoleId }) => roleId !== givenRoleId);
  const viaTeams = kind === "user" && grants.some(({ teamId }) => teamId !== null);
  const inheritors = [...new Set(inherited.map(({ roleId }) => roleId))];
  const edges = await listInheritanceEdges(inheritors, db);
  const steps = viaTeams ? await listTeamSteps(id, organizationId, db) : [];
  return (source) =>
    source.kind === "grant"
      ? { roles: rolesBetween(source, edges), teams: teamsUpTo(source, steps) }
      : null;
}

/** Breadth first, so that the first way found is a shortest; among equals the one by name. */
export function rolesBetween(
  { roleId, roleName, givenRoleId, givenRoleName }: Omit<Grant, "teamId" | "teamName">,
  edges: readonly InheritanceEdge[],
): string[] {
  const reached = new Map([[roleId, [roleName]]]);
  // A map is walked in the order of insertion, and what is inserted meanwhile comes last.
  for (const [at, names] of reached) {
    if (at === givenRoleId) return names;
    for (const edge of edges) {
      if (edge.roleId !== at || reached.has(edge.inheritedRoleId)) continue;
      reached.set(edge.inheritedRoleId, [...names, edge.inheritedRoleName]);
    }
  }
  // Inheritance has changed since the rules were read: both ends are known all the same.
  return [roleName, givenRoleName];
}

/** From the nearest team that the person is in. */
export function teamsUpTo(
  { teamId, teamName }: Pick<Grant, "teamId" | "teamName">,
  steps: readonly TeamStep[],
): string[] {
  if (teamId === null) return [];
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ways = steps
    .filter(({ isMember }) => isMember)
    .flatMap((from) => {
      const names: string[] = [];
      for (let at: TeamStep | undefined = from; at; at = byId.get(at.parentId ?? "")) {
        names.push(at.name);
        if (at.id === teamId) return [names];
        if (names.length > steps.length) break;
      }
      return [];
    });
  return ways.sort((one, other) => one.length - other.length)[0] ?? [teamName ?? ""];
}
