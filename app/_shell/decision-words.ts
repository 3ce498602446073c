import "server-only";
import type { Condition, Leaf } from "@/lib/authz/condition.schema";
import { readCondition } from "@/lib/authz/condition.schema";
import type { DenialReason } from "@/lib/authz/evaluate";
import type { GrantPath } from "@/lib/authz/grant-paths";
import type { RuleSource } from "@/lib/authz/rule";

type Names = Readonly<Record<string, string>>;

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

const listed = (values: readonly unknown[], names: Names = {}): string =>
  values.length === 0
    ? "none"
    : values
        .map((value) => (typeof value === "string" ? (names[value] ?? value) : String(value)))
        .join(", ");

const OPERATORS = {
  equals: "is",
  "not-equals": "is not",
  "at-most": "is at most",
  "at-least": "is at least",
  "one-of": "is one of",
} as const;

/** What a condition asks, in words. */
export function describeLeaf(leaf: Leaf, names: Names = {}): string {
  switch (leaf.kind) {
    case "own":
      return "the record is their own";
    case "field":
      return `${leaf.field} ${OPERATORS[leaf.operator]} ${listed([leaf.value].flat())}`;
    case "user":
      return `it is ${listed(leaf.ids, names)}`;
    case "role":
      return `they have the role ${listed(leaf.ids, names)}`;
    case "team":
      return `they are in the team ${listed(leaf.ids, names)}`;
    case "email-domain":
      return `their address ends in @${leaf.domains.join(", @")}`;
    case "means":
      return `they come by ${listed(leaf.oneOf)}`;
    case "hours":
      return `it is ${leaf.from} to ${leaf.until} on ${leaf.days.join(", ")} (${leaf.timeZone})`;
    case "network":
      return `the request comes from ${leaf.ranges.join(", ")}`;
    case "assurance":
      return [
        ...(leaf.acr === undefined ? [] : [`they have proven ${leaf.acr}`]),
        ...(leaf.maxAgeSeconds === undefined
          ? []
          : [`they proved who they are within ${leaf.maxAgeSeconds} s`]),
      ].join(" and ");
  }
}

export function describeCondition(condition: Condition, names: Names = {}): string {
  switch (condition.kind) {
    case "all":
    case "any": {
      const word = condition.kind === "all" ? " and " : " or ";
      return `(${condition.conditions.map((part) => describeCondition(part, names)).join(word)})`;
    }
    case "not":
      return `not ${describeCondition(condition.condition, names)}`;
    default:
      return describeLeaf(condition, names);
  }
}

/** The same of one that is stored, which this version may be unable to read. */
export function describeStored(stored: unknown, names: Names = {}): string | null {
  if (stored === null || stored === undefined) return null;
  const condition = readCondition(stored);
  return condition === null
    ? "a condition that this version cannot read"
    : describeCondition(condition, names);
}

/** What was found in its place, in words. */
export function describeActual(leaf: Leaf, actual: unknown, names: Names = {}): string {
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
