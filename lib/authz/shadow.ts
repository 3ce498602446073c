import "server-only";
import { evaluate, type Question, type Verdict } from "@/lib/authz/evaluate";
import type { ShadowRule } from "@/lib/authz/load-rules";
import { countShadow } from "@/lib/authz/trace-store";
import { log } from "@/lib/platform/log";

/**
 * What the decision would be with the version in shadow in force, in place of that policy's own:
 * the two may be about different permissions.
 */
export function verdictWith({ rule, permissions }: ShadowRule, question: Question): Verdict {
  const others = question.rules.filter(
    ({ source }) => source.kind !== "policy" || source.id !== rule.source.id,
  );
  const concerned = permissions.includes(question.permissionKey);
  return evaluate({ ...question, rules: concerned ? [...others, rule] : others });
}

/** Counts the decision for every version in shadow that would change it. Never changes it itself. */
export async function countShadowsOf(
  question: Question,
  verdict: Verdict,
  shadows: readonly ShadowRule[],
): Promise<void> {
  const changing = shadows.filter(
    (shadow) => verdictWith(shadow, question).allowed !== verdict.allowed,
  );
  try {
    for (const { rule } of changing) {
      await countShadow(rule.source, question.permissionKey, verdict.allowed ? "deny" : "allow");
    }
  } catch (error) {
    log.warn("a decision of a policy in shadow was not counted", { error });
  }
}
