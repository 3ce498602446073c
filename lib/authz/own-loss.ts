import "server-only";
import { isDeepStrictEqual } from "node:util";
import { askWithin, type Standing } from "@/lib/authz/ask-within";
import { couldCount } from "@/lib/authz/could-hold";
import { evaluate } from "@/lib/authz/evaluate";
import type { Rule } from "@/lib/authz/rule";

const saysTheSame = (one: Rule, other: Rule): boolean =>
  one.effect === other.effect &&
  isDeepStrictEqual(one.condition, other.condition) &&
  isDeepStrictEqual(one.fields, other.fields);

/** The rules about a permission that could count for whoever it is about, in some request. */
const countingOf = ({ loaded, facts }: Standing, key: string): Rule[] =>
  (loaded.rules.get(key) ?? []).filter((rule) => couldCount(rule, facts));

/**
 * The permissions of which somebody would have less by a change of the rules, or of what conditions
 * ask about them: in this request, or in any other that they could make, for any record or field. Sorted.
 */
export function lostBy(before: Standing, after: Standing): string[] {
  return [...before.loaded.types]
    .flatMap(([key, resourceType]) => {
      const [old, next] = [countingOf(before, key), countingOf(after, key)];
      if (!old.some(({ effect }) => effect === "allow")) return [];
      const came = next.filter((rule) => !old.some((other) => saysTheSame(rule, other)));
      const went = old.filter((rule) => !next.some((other) => saysTheSame(rule, other)));
      const isDenied = came.some(({ effect }) => effect === "deny");
      const keepsAll = next.some((rule) => rule.effect === "allow" && rule.condition === null);
      const hasLess = !keepsAll && went.some(({ effect }) => effect === "allow");
      const may = (standing: Standing) =>
        evaluate(askWithin(standing, { key, resourceType })).allowed;
      return isDenied || hasLess || (may(before) && !may(after)) ? [key] : [];
    })
    .sort();
}
