import "server-only";
import {
  type Allowance,
  listPoliciesAround,
  listPoliciesAroundServices,
  listPoliciesIn,
  listReached,
  type PlacedPolicy,
} from "@/lib/authz/allowed-alone-store";
import { readCondition } from "@/lib/authz/condition.schema";
import { couldCount, surelyCounts } from "@/lib/authz/could-hold";
import { type Facts, NO_REQUEST } from "@/lib/authz/facts";
import type { Holding } from "@/lib/authz/holdings";
import { meetingOf } from "@/lib/authz/own-holdings";
import type { PrincipalKind } from "@/lib/authz/personal-condition";
import { isUndeniable } from "@/lib/authz/undeniable";
import type { Db } from "@/lib/platform/db/client";
import type { Principal } from "@/lib/shared/principal";

/** By whose right something is done to others, and where. */
export type Author = Pick<Principal, "means" | "userId" | "email" | "organizationId">;

/** What a policy allows somebody in one organization, and perhaps not the author as well. */
interface Ahead extends Allowance {
  holdings: Holding[];
}

/**
 * What policies in force could allow each of these in some request, because of who they are, and not
 * the author as well, by their ids: who acts on them acts on somebody who may do this (ATK-42). Each
 * policy is judged for them where they are, whatever it names or leaves out; what nobody can read
 * counts.
 */
export async function listAllowedAlone(
  { userIds = [], clientIds = [] }: { userIds?: string[]; clientIds?: string[] },
  author: Author,
  db: Db,
): Promise<Map<string, Holding[]>> {
  const alone = new Map<string, Holding[]>();
  for (const [kind, ids, list] of [
    ["user", userIds, listPoliciesAround],
    ["service", clientIds, listPoliciesAroundServices],
  ] as const) {
    const ahead =
      ids.length === 0 ? [] : await listAhead(kind, await list(ids, author, db), author, db);
    if (ahead.length === 0) continue;
    for (const { id, index } of await listReached(kind, ids, ahead, db)) {
      alone.set(id, [...(alone.get(id) ?? []), ...(ahead[index]?.holdings ?? [])]);
    }
  }
  return alone;
}

/** Somebody who is not there yet, as they will be. */
export type Newcomer = Pick<
  Facts["principal"],
  "kind" | "id" | "organizationId" | "email" | "roleIds"
>;

/** The same of whoever comes to be on the author's word: they have no past that leaves them out. */
export async function listAllowedNewcomer(
  newcomer: Newcomer,
  author: Author,
  db: Db,
): Promise<Holding[]> {
  const policies = await listPoliciesIn(newcomer.organizationId, author, db);
  const facts = { principal: { ...newcomer, teamIds: [] }, context: NO_REQUEST };
  const ahead = await listAhead(newcomer.kind, policies, author, db);
  return ahead.flatMap(({ condition, denials, holdings }) => {
    const isDenied = denials.some((denial) =>
      surelyCounts({ effect: "deny", condition: denial }, facts),
    );
    return !isDenied && couldCount({ effect: "allow", condition }, facts) ? holdings : [];
  });
}

/** Of these policies what the author does not get as much of as anybody of that kind. */
async function listAhead(
  kind: PrincipalKind,
  policies: PlacedPolicy[],
  author: Author,
  db: Db,
): Promise<Ahead[]> {
  const allows = policies.filter(({ effect }) => effect === "allow");
  if (allows.length === 0) return [];
  const isMet = await meetingOf(author, db, kind);
  return allows.flatMap(({ organizationId, permissions, condition, reachesAuthor }) => {
    const isAlike = reachesAuthor && (condition === null || isMet(condition, organizationId));
    const isEscaped = (denial: unknown) =>
      isMet({ kind: "not", condition: denial }, organizationId);
    const denies = policies.filter(
      (policy) => policy.effect === "deny" && policy.organizationId === organizationId,
    );
    const denialsOf = (key: string): unknown[] =>
      isUndeniable(key)
        ? []
        : denies.filter((deny) => key in deny.permissions).map((deny) => deny.condition);
    const ahead = Object.keys(permissions).filter((key) => {
      const denials = denialsOf(key);
      // What is denied to everybody is nobody's.
      return !denials.includes(null) && !(isAlike && denials.every(isEscaped));
    });
    // Those that are denied by the same are asked about together.
    const alike = Map.groupBy(ahead, (key) => JSON.stringify(denialsOf(key)));
    return [...alike.values()].map(
      (keys): Ahead => ({
        organizationId,
        condition: readCondition(condition) === null ? null : condition,
        denials: denialsOf(keys[0] ?? "").filter((denial) => readCondition(denial) !== null),
        holdings: keys.map((permissionKey) => ({
          permissionKey,
          condition: null,
          organizationId: permissions[permissionKey] === true ? null : organizationId,
        })),
      }),
    );
  });
}
