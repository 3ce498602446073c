import "server-only";
import ipaddr from "ipaddr.js";
import { type Leaf, leavesOf, readCondition } from "@/lib/authz/condition.schema";
import { questionOf } from "@/lib/authz/decide";
import { evaluate } from "@/lib/authz/evaluate";
import type { Facts } from "@/lib/authz/facts";
import { type AdministratorPlace, listAdministratorPlaces } from "@/lib/authz/holdings-store";
import { judgeLeaf } from "@/lib/authz/judge-leaf";
import { type LoadedRules, readRulesWithin } from "@/lib/authz/load-rules";
import type { Db } from "@/lib/platform/db/client";
import { AAL3 } from "@/lib/shared/assurance";
import { hours } from "@/lib/shared/duration";

/** Somebody who is here once a week may do it then. */
const HOURS_OF_A_WEEK = 7 * 24;
/** So many are looked at through a whole week, all others as of now. */
const LOOKED_AT_CLOSELY = 10;
const ANYWHERE = "203.0.113.1";
// All of this is judged while every other change of who may do what waits.
const ADDRESSES_MAX = 50;
const CLOCKS_MAX = 20;
const EVALUATIONS_MAX = 2_000;

type Change = (loaded: LoadedRules) => LoadedRules;
type Context = Facts["context"];
type HoursLeaf = Extract<Leaf, { kind: "hours" }>;

/** Thrown where more would have to be looked at than anybody waits for. */
class TooMuch extends Error {}

/**
 * Whether a change of policies would leave nobody, of those who hold every permission, who may do
 * all of this at any time of a week and from any place that a policy speaks of (ATK-44). Where
 * nobody could before, nobody is missed. What takes too long to find out counts as nobody.
 */
export async function leavesNobody(
  change: Change,
  keys: readonly string[],
  { organizationId, ip }: { organizationId: string | null; ip: string | null },
  tx: Db,
): Promise<boolean> {
  const people: { place: AdministratorPlace; loaded: LoadedRules }[] = [];
  const search = new Search(keys, ip);
  try {
    for (const [index, place] of (await listAdministratorPlaces(organizationId, tx)).entries()) {
      const loaded = await readRulesWithin({ means: "session", ...place }, tx);
      if (search.finds(place, change(loaded), index < LOOKED_AT_CLOSELY)) return false;
      people.push({ place, loaded });
    }
    search.endUnlessComplete();
    const could = people.some(({ place, loaded }, index) =>
      search.finds(place, loaded, index < LOOKED_AT_CLOSELY),
    );
    search.endUnlessComplete();
    return could;
  } catch (error) {
    if (error instanceof TooMuch) return true;
    throw error;
  }
}

/** Looks for a request that somebody could make, within what one change may cost. */
class Search {
  readonly #keys: readonly string[];
  readonly #ip: string | null;
  readonly #now = new Date();
  readonly #moments = new Map<string, string[]>();
  #evaluationsLeft = EVALUATIONS_MAX;
  #complete = true;

  constructor(keys: readonly string[], ip: string | null) {
    this.#keys = keys;
    this.#ip = ip;
  }

  /** Whether somebody may do all of it in one of the requests that are looked at. */
  finds(place: AdministratorPlace, loaded: LoadedRules, closely: boolean): boolean {
    const { userId: id, organizationId, email } = place;
    const principal = { kind: "user", id, organizationId, email, ...loaded.held } as const;
    for (const context of this.#contexts(loaded, principal, closely)) {
      const may = this.#keys.every((key) => {
        const resourceType = loaded.types.get(key);
        if (resourceType === undefined) return false;
        this.#evaluationsLeft -= 1;
        if (this.#evaluationsLeft < 0) throw new TooMuch();
        const question = questionOf(loaded, { principal, context }, { key, resourceType }, null);
        return evaluate(question).allowed;
      });
      if (may) return true;
    }
    return false;
  }

  /** That nobody was found says something only where nothing was left out. */
  endUnlessComplete(): void {
    if (!this.#complete) throw new TooMuch();
  }

  /** Requests that somebody could make: the best proven ones, now and later, from here and there. */
  *#contexts(
    loaded: LoadedRules,
    principal: Facts["principal"],
    closely: boolean,
  ): Generator<Context> {
    const leaves = leavesNamed(loaded, this.#keys);
    const addresses = this.#upTo(ADDRESSES_MAX, [this.#ip, ANYWHERE, ...addressesOf(leaves)]);
    for (const at of closely ? this.#momentsOf(leaves, principal) : [this.#now.toISOString()]) {
      for (const address of addresses) yield contextOf(at, address);
    }
  }

  /** One moment of the week for each way in which the hours that are named can be met or not. */
  #momentsOf(leaves: Leaf[], principal: Facts["principal"]): string[] {
    const named = leaves
      .filter((leaf) => leaf.kind === "hours")
      .map((leaf) => JSON.stringify(leaf));
    const texts = this.#upTo(CLOCKS_MAX, named);
    const key = texts.join();
    const known = this.#moments.get(key);
    if (known !== undefined) return known;
    const clocks = texts.map((text) => JSON.parse(text) as HoursLeaf);
    const found = new Map<string, string>();
    for (let hour = 0; hour < HOURS_OF_A_WEEK; hour += 1) {
      const at = new Date(this.#now.getTime() + hour * hours(1) * 1000).toISOString();
      const context = contextOf(at, null);
      const met = clocks.map((leaf) => judgeLeaf(leaf, { principal, context })).join();
      if (!found.has(met)) found.set(met, at);
    }
    const moments = [...found.values()];
    this.#moments.set(key, moments);
    return moments;
  }

  /** The first of these, each once; notes when there are others. */
  #upTo<T>(countMax: number, items: Iterable<T>): T[] {
    const distinct = [...new Set(items)];
    if (distinct.length > countMax) this.#complete = false;
    return distinct.slice(0, countMax);
  }
}

const contextOf = (at: string, ip: string | null): Context => ({
  at,
  ip,
  means: "session",
  acr: AAL3,
  authTime: at,
});

/** What the conditions of these permissions ask. */
const leavesNamed = (loaded: LoadedRules, keys: readonly string[]): Leaf[] =>
  keys.flatMap((key) =>
    (loaded.rules.get(key) ?? []).flatMap(({ condition }) => {
      const readable = condition === null ? null : readCondition(condition);
      return readable === null ? [] : leavesOf(readable);
    }),
  );

/** An address in each network that is named. */
const addressesOf = (leaves: Leaf[]): string[] =>
  leaves.flatMap((leaf) =>
    leaf.kind === "network"
      ? leaf.ranges.map((range) => ipaddr.parseCIDR(range)[0].toString())
      : [],
  );
