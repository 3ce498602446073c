import "server-only";
import ipaddr from "ipaddr.js";
import { leavesOf, readCondition } from "@/lib/authz/condition.schema";
import { questionOf } from "@/lib/authz/decide";
import { evaluate } from "@/lib/authz/evaluate";
import type { Facts } from "@/lib/authz/facts";
import { type AdministratorPlace, listAdministratorPlaces } from "@/lib/authz/holdings-store";
import { type LoadedRules, readRulesWithin } from "@/lib/authz/load-rules";
import type { Db } from "@/lib/platform/db/client";
import { AAL3 } from "@/lib/shared/assurance";
import { hours } from "@/lib/shared/duration";

/** Somebody who is here once a week may do it then. */
const HOURS_OF_A_WEEK = 7 * 24;
/** So many are looked at through a whole week, all others as of now. */
const LOOKED_AT_CLOSELY = 10;
const ANYWHERE = "203.0.113.1";

type Change = (loaded: LoadedRules) => LoadedRules;
type Context = Facts["context"];

/**
 * Whether a change of policies would leave nobody, of those who hold every permission, who may do
 * all of this at any time of a week and from any place that a policy speaks of (ATK-44). Where
 * nobody could before, nobody is missed.
 */
export async function leavesNobody(
  change: Change,
  keys: readonly string[],
  { organizationId, ip }: { organizationId: string | null; ip: string | null },
  tx: Db,
): Promise<boolean> {
  const people: { place: AdministratorPlace; loaded: LoadedRules }[] = [];
  for (const place of await listAdministratorPlaces(organizationId, tx)) {
    people.push({ place, loaded: await readRulesWithin(place, tx) });
  }
  const now = new Date();
  const somebodyCan = (altered: Change) =>
    people.some(({ place, loaded }, index) =>
      canDo(place, altered(loaded), keys, contexts(altered(loaded), keys, ip, now, index)),
    );
  return !somebodyCan(change) && somebodyCan((loaded) => loaded);
}

function canDo(
  { userId: id, organizationId, email }: AdministratorPlace,
  loaded: LoadedRules,
  keys: readonly string[],
  possible: Iterable<Context>,
): boolean {
  const principal = { kind: "user", id, organizationId, email, ...loaded.held } as const;
  for (const context of possible) {
    const may = keys.every((key) => {
      const resourceType = loaded.types.get(key);
      if (resourceType === undefined) return false;
      const question = questionOf(loaded, { principal, context }, { key, resourceType }, null);
      return evaluate(question).allowed;
    });
    if (may) return true;
  }
  return false;
}

/** Requests that somebody could make: the best proven ones, now and later, from here and there. */
function* contexts(
  loaded: LoadedRules,
  keys: readonly string[],
  ip: string | null,
  now: Date,
  index: number,
): Generator<Context> {
  const addresses = new Set([ip, ANYWHERE, ...addressesNamed(loaded, keys)]);
  const hourCount = index < LOOKED_AT_CLOSELY ? HOURS_OF_A_WEEK : 1;
  for (let hour = 0; hour < hourCount; hour += 1) {
    const at = new Date(now.getTime() + hour * hours(1) * 1000).toISOString();
    for (const address of addresses) {
      yield { at, ip: address, means: "session", acr: AAL3, authTime: at };
    }
  }
}

/** An address in each network that a condition of these permissions names. */
function addressesNamed(loaded: LoadedRules, keys: readonly string[]): string[] {
  const rules = keys.flatMap((key) => [...(loaded.rules.get(key) ?? [])]);
  return rules.flatMap(({ condition }) => {
    const readable = condition === null ? null : readCondition(condition);
    const leaves = readable === null ? [] : leavesOf(readable);
    return leaves.flatMap((leaf) =>
      leaf.kind === "network"
        ? leaf.ranges.map((range) => ipaddr.parseCIDR(range)[0].toString())
        : [],
    );
  });
}
