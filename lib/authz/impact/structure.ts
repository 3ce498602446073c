import "server-only";
import { isDeepStrictEqual } from "node:util";

export interface Grant {
  permissionKey: string;
  condition: unknown;
}

/** Who gives what to whom, without the people: small, however many they are. */
export interface Structure {
  roles: Map<string, StructureRole>;
  teams: Map<string, StructureTeam>;
  policies: StructurePolicy[];
  /** What the permissions are about, by their keys. */
  types: Map<string, string>;
}

interface StructureRole {
  organizationId: string | null;
  grants: Grant[];
  /** Every role that it gives, itself among them. */
  gives: string[];
}

interface StructureTeam {
  organizationId: string;
  /** Every team that it is in, itself among them. */
  above: string[];
  /** The roles that it has itself, those that have run out left out. */
  roles: string[];
}

export interface StructurePolicy {
  id: string;
  number: number;
  organizationId: string | null;
  effect: "allow" | "deny";
  permissions: string[];
  fields: string[];
  condition: unknown;
}

/** The roles by which the role gives something, in the order of their ids: where each one holds counts. */
export const givenRoles = ({ roles }: Structure, roleId: string): string[] => {
  const role = roles.get(roleId);
  if (role === undefined) return [];
  return role.gives.filter((id) => {
    const place = roles.get(id)?.organizationId;
    return place === null || (place !== undefined && place === role.organizationId);
  });
};

const meaningOfRole = (structure: Structure, roleId: string) => ({
  place: structure.roles.get(roleId)?.organizationId,
  gives: givenRoles(structure, roleId).map((id) => [id, structure.roles.get(id)?.grants]),
});

export interface StructureDifference {
  roleIds: string[];
  teamIds: string[];
  /** Organizations whose policies differ; null is every organization. */
  places: (string | null)[];
}

const keysOfBoth = <T>(a: Map<string, T>, b: Map<string, T>): string[] => [
  ...new Set([...a.keys(), ...b.keys()]),
];

/** Where the two differ: whoever has nothing of it is touched by nothing. */
export function differenceOf(before: Structure, after: Structure): StructureDifference {
  const roleIds = keysOfBoth(before.roles, after.roles).filter(
    (id) => !isDeepStrictEqual(meaningOfRole(before, id), meaningOfRole(after, id)),
  );
  const teamIds = keysOfBoth(before.teams, after.teams).filter(
    (id) => !isDeepStrictEqual(before.teams.get(id), after.teams.get(id)),
  );
  // A team's own roles reach the teams within it.
  const above = (id: string) => [before, after].flatMap(({ teams }) => teams.get(id)?.above ?? []);
  const reached = keysOfBoth(before.teams, after.teams).filter((id) =>
    above(id).some((ancestor) => teamIds.includes(ancestor)),
  );
  const isIn = (policies: StructurePolicy[]) => (policy: StructurePolicy) =>
    policies.some((other) => isDeepStrictEqual(other, policy));
  const places = [
    ...before.policies.filter((policy) => !isIn(after.policies)(policy)),
    ...after.policies.filter((policy) => !isIn(before.policies)(policy)),
  ].map(({ organizationId }) => organizationId);
  return { roleIds, teamIds: reached, places: [...new Set(places)] };
}
