import "server-only";
import { type ConditionNames, clauseInWords } from "@/components/admin/condition-words";
import { type Leaf, readCondition } from "@/lib/authz/condition.schema";
import type { DenialReason } from "@/lib/authz/evaluate";
import type { GrantPath } from "@/lib/authz/grant-paths";
import type { RuleSource } from "@/lib/authz/rule";

/** What anybody may be told of why they were refused. */
export const SAFE_REASONS: Record<DenialReason, string> = {
  "no-grant": "Nothing that you have been given includes it.",
  "condition-not-met":
    "You have been given it, but not for this record, or not now and not from where you are.",
  "denied-by-policy": "A rule denies it, whatever you have been given.",
};

/** The same about somebody else. */
export const REASONS: Record<DenialReason, string> = {
  "no-grant": "Nothing gives it.",
  "condition-not-met": "Something gives it, but its condition was not met.",
  "denied-by-policy": "A policy denies it, and that wins over whatever gives it.",
};

const listed = (values: readonly unknown[], names: ConditionNames = {}): string =>
  values.length === 0
    ? "none"
    : values
        .map((value) => (typeof value === "string" ? (names[value] ?? value) : String(value)))
        .join(", ");

/** What a stored condition asks, which this version may be unable to read; null for none. */
export function describeStored(stored: unknown, names: ConditionNames = {}): string | null {
  if (stored === null || stored === undefined) return null;
  const condition = readCondition(stored);
  return condition === null
    ? "a condition that this version cannot read"
    : clauseInWords(condition, names);
}

/** What was found in its place, in words. */
export function describeActual(leaf: Leaf, actual: unknown, names: ConditionNames = {}): string {
  if (actual === null || actual === "") return "not known";
  if (leaf.kind === "assurance") {
    const { acr, authTime } = actual as { acr: string; authTime: string };
    return acr === "" ? "not known" : `${acr}, proven at ${authTime}`;
  }
  return Array.isArray(actual) ? listed(actual, names) : listed([actual], names);
}

/** By which way a rule came, as one line: team › team › role › role, or a policy with its version. */
export function describeSource(source: RuleSource, path: GrantPath | null): string {
  if (source.kind === "policy") return `policy ${source.name}, version ${source.number}`;
  const own =
    source.roleId === source.givenRoleId
      ? [source.roleName]
      : [source.roleName, source.givenRoleName];
  const teams = path?.teams ?? (source.teamName === null ? [] : [source.teamName]);
  return [...teams.map((name) => `team ${name}`), ...(path?.roles ?? own)].join(" › ");
}
