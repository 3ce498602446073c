import "server-only";
import type { Row } from "@/lib/authz/ability";
import { questionOf } from "@/lib/authz/decide";
import { evaluate, type Question } from "@/lib/authz/evaluate";
import { type Facts, factsOf } from "@/lib/authz/facts";
import { isThere } from "@/lib/authz/grants-store";
import { type LoadedRules, NO_RULES, readRulesWithin } from "@/lib/authz/load-rules";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** What a caller may do, as a transaction sees it that changes something by their right. */
export interface Standing {
  loaded: LoadedRules;
  facts: Facts;
}

/**
 * Read anew, because somebody may just have taken it away (ATK-44); nothing once whoever calls is no
 * active member of the organization any more.
 */
export async function standingOf(caller: Caller, tx: Db): Promise<Standing> {
  const { principal } = caller;
  const loaded = (await isThere(principal, tx)) ? await readRulesWithin(principal, tx) : NO_RULES;
  return { loaded, facts: factsOf(caller, loaded.held) };
}

/** The same in another organization, whether or not they belong to it: for what is denied them there. */
export async function standingIn(
  { principal, request }: Caller,
  organizationId: string,
  tx: Db,
): Promise<Standing> {
  const there = { ...principal, organizationId };
  const loaded = await readRulesWithin(there, tx);
  return { loaded, facts: factsOf({ principal: there, request }, loaded.held) };
}

/** The question that `authorize` answers, as it is asked now; without a record, for any at all. */
export const askWithin = (
  { loaded, facts }: Standing,
  permission: Pick<Permission, "key" | "resourceType">,
  record?: Row,
): Question => questionOf(loaded, facts, permission, record ?? null);

/** The keys of the permissions that a policy denies here and now, whatever the record. */
export function deniedKeysOf(standing: Standing): Set<string> {
  const denied = [...standing.loaded.types].filter(([key, resourceType]) => {
    const verdict = evaluate(askWithin(standing, { key, resourceType }));
    return !verdict.allowed && verdict.reason === "denied-by-policy";
  });
  return new Set(denied.map(([key]) => key));
}
