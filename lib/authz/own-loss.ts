import "server-only";
import { isDeepStrictEqual } from "node:util";
import { couldCount } from "@/lib/authz/could-hold";
import { questionOf } from "@/lib/authz/decide";
import { evaluate } from "@/lib/authz/evaluate";
import type { Facts } from "@/lib/authz/facts";
import type { LoadedRules } from "@/lib/authz/load-rules";
import type { Rule } from "@/lib/authz/rule";

const saysTheSame = (one: Rule, other: Rule): boolean =>
  one.effect === other.effect &&
  isDeepStrictEqual(one.condition, other.condition) &&
  isDeepStrictEqual(one.fields, other.fields);

/**
 * The permissions of which somebody would have less by a change of the rules: in this request, or
 * in any other that they could make, for any record or field. Sorted.
 */
export function lostBy(before: LoadedRules, after: LoadedRules, facts: Facts): string[] {
  return [...before.types]
    .flatMap(([key, resourceType]) => {
      const [old = [], next = []] = [before.rules.get(key), after.rules.get(key)];
      const couldUse = old.some((rule) => rule.effect === "allow" && couldCount(rule, facts));
      if (!couldUse) return [];
      const came = next.filter((rule) => !old.some((other) => saysTheSame(rule, other)));
      const went = old.filter((rule) => !next.some((other) => saysTheSame(rule, other)));
      const isDenied = came.some((rule) => rule.effect === "deny" && couldCount(rule, facts));
      const keepsAll = next.some((rule) => rule.effect === "allow" && rule.condition === null);
      const hasLess =
        !keepsAll && went.some((rule) => rule.effect === "allow" && couldCount(rule, facts));
      const may = (loaded: LoadedRules) =>
        evaluate(questionOf(loaded, facts, { key, resourceType }, null)).allowed;
      return isDenied || hasLess || (may(before) && !may(after)) ? [key] : [];
    })
    .sort();
}
