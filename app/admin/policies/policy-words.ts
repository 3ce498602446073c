import { type ConditionNames, conditionInWords } from "@/components/admin/condition-words";
import { readCondition } from "@/lib/authz/condition.schema";
import type { Difference, VersionContent } from "@/lib/policies/policy-diff";

/** A stored condition as the end of a sentence. */
export function storedInWords(stored: unknown, names: ConditionNames): string {
  if (stored === null) return "always";
  const condition = readCondition(stored);
  return condition === null
    ? "on a condition that this release cannot read"
    : conditionInWords(condition, names);
}

/** What a version does, in one sentence. */
export function versionInWords(version: VersionContent, names: ConditionNames): string {
  const { effect, permissions, fields, condition } = version;
  const what =
    effect === "allow" ? "Allows" : fields.length > 0 ? `Hides ${fields.join(", ")} of` : "Denies";
  return `${what} ${permissions.join(", ")} ${storedInWords(condition, names)}.`;
}

/** What two versions say differently, a sentence each. */
export function diffInWords(differences: readonly Difference[], names: ConditionNames): string[] {
  return differences.flatMap((difference) => {
    switch (difference.field) {
      case "effect":
        return [`It ${effectWord(difference.to)} in place of: it ${effectWord(difference.from)}.`];
      case "permissions":
        return listed(difference, "Is about", "Is no longer about");
      case "fields":
        return listed(difference, "Hides", "No longer hides");
      case "condition":
        return [
          `Holds ${storedInWords(difference.to, names)}, in place of: ${storedInWords(difference.from, names)}.`,
        ];
    }
  });
}

const effectWord = (effect: "allow" | "deny" | null): string =>
  effect === null ? "does nothing" : effect === "allow" ? "allows" : "denies";

const listed = (
  { added, removed }: Extract<Difference, { added: string[] }>,
  comes: string,
  goes: string,
): string[] => [
  ...(added.length > 0 ? [`${comes} ${added.join(", ")}.`] : []),
  ...(removed.length > 0 ? [`${goes} ${removed.join(", ")}.`] : []),
];
