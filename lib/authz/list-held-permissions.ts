import "server-only";
import { residueOf } from "@/lib/authz/ability";
import { readCondition } from "@/lib/authz/condition.schema";
import { questionOf } from "@/lib/authz/decide";
import { evaluate, type Question } from "@/lib/authz/evaluate";
import { factsOf } from "@/lib/authz/facts";
import { type LoadedRules, loadRules } from "@/lib/authz/load-rules";
import type { Caller } from "@/lib/shared/caller";

export interface HeldPermission {
  key: string;
  /** Every record, the principal's own, or those that a condition lets through. */
  reach: "all" | "own" | "some";
}

/** The questions about every permission that a rule names, without a record. */
function questionsOf(caller: Caller, loaded: LoadedRules): Question[] {
  const facts = factsOf(caller, loaded.held);
  return [...loaded.types]
    .map(([key, resourceType]) => questionOf(loaded, facts, { key, resourceType }, null))
    .sort((a, b) => a.permissionKey.localeCompare(b.permissionKey));
}

/**
 * What the principal may do here and now and how far each permission reaches, sorted by
 * key. A grant that allows nothing, because its condition cannot be read, does not fit the
 * resource type or is not met by this request, is not named here either.
 */
export async function listHeldPermissions(caller: Caller): Promise<HeldPermission[]> {
  return questionsOf(caller, await loadRules(caller.principal))
    .filter((question) => evaluate(question).allowed)
    .map((question) => ({ key: question.permissionKey, reach: reachOf(question) }));
}

/** How far a yes reaches among the records. */
export function reachOf({ rules, facts, resourceType }: Question): HeldPermission["reach"] {
  const left = rules.flatMap((rule) => {
    const residue = residueOf(rule, facts, resourceType);
    return residue === false || rule.fields.length > 0 ? [] : [{ rule, residue }];
  });
  if (left.some(({ rule }) => rule.effect === "deny")) return "some";
  if (left.some(({ residue }) => residue === true)) return "all";
  const own = left.every(({ rule }) => readCondition(rule.condition)?.kind === "own");
  return own ? "own" : "some";
}

/** The keys of every permission held, each once and sorted. */
export const listPermissionKeys = async (caller: Caller): Promise<string[]> =>
  (await listHeldPermissions(caller)).map(({ key }) => key);

/** The names of the roles that count here, inherited ones among them, each once and sorted. */
export const listRoleNames = async ({ principal }: Caller): Promise<string[]> =>
  (await loadRules(principal)).roleNames;
