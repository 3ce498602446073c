import "server-only";
import { useTranslations } from "@/app/_locale/translations";
import {
  type ConditionNames,
  type ConditionTranslator,
  clauseInWords,
} from "@/components/admin/condition-words";
import { type Leaf, readCondition } from "@/lib/authz/condition.schema";
import type { GrantPath } from "@/lib/authz/grant-paths";
import type { RuleSource } from "@/lib/authz/rule";
import { type Translator, translatorFor } from "@/lib/platform/locale/translator";
import { DEFAULT_LOCALE } from "@/lib/shared/locale";

/** Says decisions and what they were made from. */
export interface DecisionTranslator {
  decision: Translator<"admin-decisions.words">;
  condition: ConditionTranslator;
}

/** In the language of the request, within a component that is not async. */
export const useDecisionTranslator = (): DecisionTranslator => ({
  decision: useTranslations("admin-decisions.words"),
  condition: useTranslations("conditions"),
});

/** For programs, which are spoken to in English. */
export const programDecisionTranslator = async (): Promise<DecisionTranslator> => ({
  decision: await translatorFor(DEFAULT_LOCALE, "admin-decisions.words"),
  condition: await translatorFor(DEFAULT_LOCALE, "conditions"),
});

const listed = (
  t: DecisionTranslator,
  values: readonly unknown[],
  names: ConditionNames = {},
): string =>
  values.length === 0
    ? t.decision("none")
    : values
        .map((value) => (typeof value === "string" ? (names[value] ?? value) : String(value)))
        .join(", ");

/** What a stored condition asks, as what follows an "if"; null for none. This version may be unable to read it. */
export function describeStored(
  t: DecisionTranslator,
  stored: unknown,
  names: ConditionNames = {},
): string | null {
  if (stored === null || stored === undefined) return null;
  const condition = readCondition(stored);
  return condition === null
    ? t.decision("unreadable")
    : clauseInWords(t.condition, condition, names);
}

/** What was found in its place, in words. */
export function describeActual(
  t: DecisionTranslator,
  leaf: Leaf,
  actual: unknown,
  names: ConditionNames = {},
): string {
  if (actual === null || actual === "") return t.decision("notKnown");
  if (leaf.kind === "assurance") {
    const { acr, authTime } = actual as { acr: string; authTime: string };
    return acr === "" ? t.decision("notKnown") : t.decision("proven", { acr, time: authTime });
  }
  return listed(t, Array.isArray(actual) ? actual : [actual], names);
}

/** By which way a rule came, as one line: team › team › role › role, or a policy with its version. */
export function describeSource(
  t: DecisionTranslator,
  source: RuleSource,
  path: GrantPath | null,
): string {
  if (source.kind === "policy") {
    return t.decision("policy", { name: source.name, number: source.number });
  }
  const own =
    source.roleId === source.givenRoleId
      ? [source.roleName]
      : [source.roleName, source.givenRoleName];
  const teams = path?.teams ?? (source.teamName === null ? [] : [source.teamName]);
  return [...teams.map((name) => t.decision("team", { name })), ...(path?.roles ?? own)].join(
    " › ",
  );
}
