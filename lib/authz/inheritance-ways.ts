import "server-only";

export interface Heir {
  id: string;
  name: string;
  inherits: readonly string[];
}

/**
 * From a role to each that it gives, itself among them, the roles on one of the shortest ways, both
 * ends included. Each role is visited once, so however many ways there are costs nothing.
 */
export function waysFrom(roleId: string, roles: readonly Heir[]): Map<string, Heir[]> {
  const known = new Map(roles.map((role) => [role.id, role]));
  const start = known.get(roleId);
  const ways = new Map<string, Heir[]>(start === undefined ? [] : [[roleId, [start]]]);
  // A map is walked in the order in which it was filled, what is added meanwhile included.
  for (const [id, way] of ways) {
    for (const inheritedId of known.get(id)?.inherits ?? []) {
      const inherited = known.get(inheritedId);
      if (inherited !== undefined && !ways.has(inheritedId)) {
        ways.set(inheritedId, [...way, inherited]);
      }
    }
  }
  return ways;
}

/** The names of a shortest way round that there would be if the role inherited these; null for none. */
export function wayRound(
  roleId: string,
  wanted: readonly string[],
  roles: readonly Heir[],
): string[] | null {
  const found = wanted
    .map((id) => waysFrom(id, roles).get(roleId))
    .filter((way) => way !== undefined)
    .sort((a, b) => a.length - b.length)[0];
  const start = roles.find(({ id }) => id === roleId);
  return found === undefined || start === undefined
    ? null
    : [start.name, ...found.map(({ name }) => name)];
}
