import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import {
  type ConditionNames,
  type ConditionTranslator,
  clauseInWords,
  conditionInWords,
} from "@/components/admin/condition-words";
import { readCondition } from "@/lib/authz/condition.schema";
import type { Translator } from "@/lib/platform/locale/translator";
import type { Difference, VersionContent } from "@/lib/policies/policy-diff";

/** Says policies, in the language of the request. */
export interface PolicyTranslator {
  policy: Translator<"admin-policies.words">;
  condition: ConditionTranslator;
}

export const getPolicyTranslator = async (): Promise<PolicyTranslator> => ({
  policy: await getTranslations("admin-policies.words"),
  condition: await getTranslations("conditions"),
});

/** A stored condition as the end of a sentence. */
function storedInWords(t: PolicyTranslator, stored: unknown, names: ConditionNames): string {
  const condition = stored === null ? null : readCondition(stored);
  return stored !== null && condition === null
    ? t.policy("unreadable")
    : conditionInWords(t.condition, condition, names);
}

/** What a version does, in one sentence. */
export function versionInWords(
  t: PolicyTranslator,
  { effect, permissions, fields, condition: stored }: VersionContent,
  names: ConditionNames,
): string {
  const condition = stored === null ? null : readCondition(stored);
  return t.policy("version", {
    effect: effect === "deny" && fields.length > 0 ? "hide" : effect,
    permissions: permissions.join(", "),
    fields: fields.join(", "),
    held: stored === null ? "always" : condition === null ? "unreadable" : "if",
    clause: condition === null ? "" : clauseInWords(t.condition, condition, names),
  });
}

/** What two versions say differently, a sentence each. */
export function diffInWords(
  t: PolicyTranslator,
  differences: readonly Difference[],
  names: ConditionNames,
): string[] {
  return differences.flatMap((difference) => {
    switch (difference.field) {
      case "effect": {
        const { from, to } = difference;
        return [t.policy("effect", { from: from ?? "none", to: to ?? "none" })];
      }
      case "permissions":
        return [
          ...listed(difference.added, (permissions) => t.policy("comes", { permissions })),
          ...listed(difference.removed, (permissions) => t.policy("goes", { permissions })),
        ];
      case "fields":
        return [
          ...listed(difference.added, (fields) => t.policy("hides", { fields })),
          ...listed(difference.removed, (fields) => t.policy("shows", { fields })),
        ];
      case "condition":
        return [
          t.policy("condition", {
            from: storedInWords(t, difference.from, names),
            to: storedInWords(t, difference.to, names),
          }),
        ];
    }
  });
}

const listed = (keys: readonly string[], say: (keys: string) => string): string[] =>
  keys.length > 0 ? [say(keys.join(", "))] : [];
