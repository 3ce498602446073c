import "server-only";
import { type Condition, leavesOf, readCondition } from "@/lib/authz/condition.schema";
import { compareForms, formsOf, reachOfForm } from "@/lib/authz/impact/held-form";
import type { DifferenceCounts, Impact, ImpactLine } from "@/lib/authz/impact/impact";
import { type NamedInConditions } from "@/lib/authz/impact/parts-store";
import { type Parts, placesOf } from "@/lib/authz/impact/person";
import type { Structure } from "@/lib/authz/impact/structure";

/** Whom the conditions of any rule name by themselves. */
export function namedIn(structures: Structure[]): NamedInConditions {
  const conditions = structures.flatMap(({ roles, policies }) => [
    ...[...roles.values()].flatMap(({ grants }) => grants.map(({ condition }) => condition)),
    ...policies.map(({ condition }) => condition),
  ]);
  const leaves = conditions
    .map((condition) => readCondition(condition))
    .filter((condition): condition is Condition => condition !== null)
    .flatMap(leavesOf);
  return {
    ids: [...new Set(leaves.flatMap((leaf) => (leaf.kind === "user" ? leaf.ids : [])))],
    domains: [
      ...new Set(leaves.flatMap((leaf) => (leaf.kind === "email-domain" ? leaf.domains : []))),
    ],
  };
}

/** What differs for somebody who had these parts and has those. */
export function linesOf(
  [before, after]: [Structure, Structure],
  partsBefore: Parts,
  partsAfter: Parts,
): ImpactLine[] {
  const formsBy = (parts: Parts, structure: Structure) =>
    new Map(
      placesOf(parts, structure).map((person) => [
        person.organizationId,
        formsOf(person, structure),
      ]),
    );
  const [had, has] = [formsBy(partsBefore, before), formsBy(partsAfter, after)];
  return [...new Set([...had.keys(), ...has.keys()])].sort().flatMap((organizationId) => {
    const [old, now] = [had.get(organizationId), has.get(organizationId)];
    const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
    return keys.flatMap((permissionKey) => {
      const [one, other] = [old?.get(permissionKey), now?.get(permissionKey)];
      const difference = compareForms(one, other);
      if (difference === null) return [];
      const reaches = { before: reachOfForm(one), after: reachOfForm(other) };
      return [{ organizationId, permissionKey, difference, ...reaches }];
    });
  });
}

const NOBODY: DifferenceCounts = { gained: 0, lost: 0, wider: 0, narrower: 0, otherwise: 0 };

type Counted = Pick<Impact, "people" | "gaining" | "losing" | "otherwise" | "permissions">;

/** Adds up what differs for groups of people, each person once wherever they are. */
export function countUp(groups: { people: number; lines: ImpactLine[] }[]): Counted {
  const permissions = new Map<string, DifferenceCounts>();
  const sum = { people: 0, gaining: 0, losing: 0, otherwise: 0 };
  for (const { people, lines } of groups) {
    if (lines.length === 0) continue;
    const has = (...kinds: ImpactLine["difference"][]) =>
      lines.some(({ difference }) => kinds.includes(difference));
    sum.people += people;
    if (has("gained", "wider")) sum.gaining += people;
    if (has("lost", "narrower")) sum.losing += people;
    if (has("otherwise")) sum.otherwise += people;
    const seen = new Set(lines.map((line) => `${line.difference} ${line.permissionKey}`));
    for (const text of seen) {
      const [difference, key] = text.split(" ") as [ImpactLine["difference"], string];
      const counts = permissions.get(key) ?? { ...NOBODY };
      counts[difference] += people;
      permissions.set(key, counts);
    }
  }
  return {
    ...sum,
    permissions: [...permissions]
      .map(([key, counts]) => ({ key, counts }))
      .sort((a, b) => a.key.localeCompare(b.key)),
  };
}
