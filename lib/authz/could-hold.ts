import "server-only";
import { type Condition, readCondition } from "@/lib/authz/condition.schema";
import type { Facts } from "@/lib/authz/facts";
import { isFactLeaf, judgeLeaf } from "@/lib/authz/judge-leaf";
import type { Rule } from "@/lib/authz/rule";

/** What another request of the same person may say differently. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set(["means", "hours", "network", "assurance"]);

/**
 * Whether the rule could count for whoever these facts are about, at another time, from another
 * place, after another proof, or for some record. One that cannot be read counts as it does
 * everywhere: a deny does, an allow does not (FLT-26).
 */
export function couldCount(
  { effect, condition }: Pick<Rule, "effect" | "condition">,
  facts: Facts,
) {
  if (condition === null) return true;
  const readable = readCondition(condition);
  return readable === null ? effect === "deny" : could(readable, facts, true);
}

/**
 * Whether the rule counts whatever their request is like and whatever the record. One that cannot be
 * read counts as it does everywhere.
 */
export function surelyCounts(
  { effect, condition }: Pick<Rule, "effect" | "condition">,
  facts: Facts,
) {
  if (condition === null) return true;
  const readable = readCondition(condition);
  return readable === null ? effect === "deny" : !could(readable, facts, false);
}

function could(condition: Condition, facts: Facts, wanted: boolean): boolean {
  switch (condition.kind) {
    case "all":
    case "any": {
      const part = (inner: Condition) => could(inner, facts, wanted);
      const isForEvery = (condition.kind === "all") === wanted;
      return isForEvery ? condition.conditions.every(part) : condition.conditions.some(part);
    }
    case "not":
      return could(condition.condition, facts, !wanted);
    default: {
      if (!isFactLeaf(condition) || OF_THE_REQUEST.has(condition.kind)) return true;
      return (judgeLeaf(condition, facts) ?? wanted) === wanted;
    }
  }
}
