import "server-only";
import { type Condition, type Leaf, readCondition } from "@/lib/authz/condition.schema";
import { evaluate, type Question } from "@/lib/authz/evaluate";
import type { Rule } from "@/lib/authz/rule";

/** True while the answer cannot change before the grants do: nothing of it is about the request. */
const isSettled = ({ kind }: Leaf): boolean =>
  !["means", "hours", "network", "assurance"].includes(kind);

/** Every request comes by one of these. */
const ALWAYS: Leaf = { kind: "means", oneOf: ["session", "app", "personal-token", "service"] };
/** Nobody's id. A leaf in place of a leaf: what stands for it is no deeper and no longer. */
const NEVER: Leaf = { kind: "user", ids: ["-"] };

/** `always`: whatever the request is like. `depends`: for some requests at most. `never`: for none. */
export type Extent = "always" | "depends" | "never";

/** The condition with everything about the request taken to be as it makes the whole be met, or not. */
function assume(condition: Condition, met: boolean): Condition {
  switch (condition.kind) {
    case "all":
    case "any":
      return { ...condition, conditions: condition.conditions.map((part) => assume(part, met)) };
    case "not":
      return { kind: "not", condition: assume(condition.condition, !met) };
    default:
      return isSettled(condition) ? condition : met ? ALWAYS : NEVER;
  }
}

/** The rules as the best or the worst request there could be would find them. */
export function assumeRequest(rules: readonly Rule[], request: "best" | "worst"): Rule[] {
  return rules.map((rule) => {
    const condition = readCondition(rule.condition);
    if (condition === null) return rule;
    const met = (rule.effect === "allow") === (request === "best");
    return { ...rule, condition: assume(condition, met) };
  });
}

/**
 * How far a yes reaches among all requests. What hours, networks, means and proofs would have to
 * be is judged one by one, so `depends` may also be said of what no single request meets; `always`
 * and `never` are certain.
 */
export function extentOf(question: Question): Extent {
  const { rules } = question;
  const allowedBy = (request: "best" | "worst") =>
    evaluate({ ...question, rules: assumeRequest(rules, request) }).allowed;
  if (!allowedBy("best")) return "never";
  return allowedBy("worst") ? "always" : "depends";
}
