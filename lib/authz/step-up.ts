import "server-only";
import { leavesOf, readCondition } from "@/lib/authz/condition.schema";
import { evaluate, type Question } from "@/lib/authz/evaluate";
import {
  AAL1,
  AAL3,
  type AssuranceRequirement,
  higherAcr,
  isAtLeast,
} from "@/lib/shared/assurance";

/**
 * What the caller would have to prove for a refusal to become a yes; null when no proof would
 * help. It is asked of the same rules with the strongest and latest proof there is.
 */
export function missingAssurance(question: Question): AssuranceRequirement | null {
  const { context } = question.facts;
  if (context.means !== "session") return null;
  const proven = { ...context, acr: AAL3, authTime: context.at };
  const verdict = evaluate({ ...question, facts: { ...question.facts, context: proven } });
  if (!verdict.allowed) return null;
  const asked = question.rules.flatMap(({ condition }) => {
    const readable = readCondition(condition);
    return readable === null ? [] : leavesOf(readable).filter((leaf) => leaf.kind === "assurance");
  });
  const acr = asked.reduce<string>((highest, leaf) => higherAcr(highest, leaf.acr ?? AAL1), AAL1);
  const ages = asked.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? []);
  return {
    acr: isAtLeast(acr, AAL3) ? AAL3 : (acr as AssuranceRequirement["acr"] & string),
    ...(ages.length === 0 ? {} : { maxAge: Math.min(...ages) }),
  };
}
