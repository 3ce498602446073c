import type { Condition, Leaf } from "@/lib/authz/condition.schema";

/** Names of what conditions name by ids; what is not in it is shown as its id. */
export type ConditionNames = Readonly<Record<string, string>>;

export const FIELD_OPERATOR_WORDS: Record<string, string> = {
  equals: "is",
  "not-equals": "is not",
  "at-most": "is at most",
  "at-least": "is at least",
  "one-of": "is one of",
};

export const MEANS_WORDS: Record<string, string> = {
  session: "a browser session",
  app: "an app",
  "personal-token": "a personal access token",
  service: "a service account",
};

export const ACR_WORDS: Record<string, string> = {
  "urn:gatehouse:aal1": "one factor",
  "urn:gatehouse:aal2": "two factors",
  "urn:gatehouse:aal3": "a passkey that is bound to its device",
};

const joined = (words: readonly string[], last: string): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;

const orOf = (values: readonly string[]): string => joined(values, "or");

/** An age as people say it. */
function spanOf(seconds: number): string {
  const [unit, size] =
    seconds % 3600 === 0
      ? (["hour", 3600] as const)
      : seconds % 60 === 0
        ? (["minute", 60] as const)
        : (["second", 1] as const);
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function assuranceWords({ acr, maxAgeSeconds }: Extract<Leaf, { kind: "assurance" }>): string {
  const how = acr === undefined ? "" : ` with ${ACR_WORDS[acr] ?? acr}`;
  const when = maxAgeSeconds === undefined ? "" : ` within the last ${spanOf(maxAgeSeconds)}`;
  return `they have proven who they are${how}${when}`;
}

/** One leaf, as the end of a sentence that begins with "if". */
export function leafInWords(leaf: Leaf, names: ConditionNames = {}): string {
  const named = (ids: readonly string[]) => orOf(ids.map((id) => names[id] ?? id));
  switch (leaf.kind) {
    case "own":
      return "the record is their own";
    case "field": {
      const value = Array.isArray(leaf.value) ? orOf(leaf.value) : String(leaf.value);
      return `${leaf.field} ${FIELD_OPERATOR_WORDS[leaf.operator] ?? leaf.operator} ${value}`;
    }
    case "user":
      return `they are ${named(leaf.ids)}`;
    case "role":
      return `they have the role ${named(leaf.ids)}`;
    case "team":
      return `they are in the team ${named(leaf.ids)}`;
    case "email-domain":
      return `their email address ends with ${orOf(leaf.domains.map((domain) => `@${domain}`))}`;
    case "means":
      return `they come with ${orOf(leaf.oneOf.map((means) => MEANS_WORDS[means] ?? means))}`;
    case "hours":
      return `it is ${leaf.days.join(", ")} between ${leaf.from} and ${leaf.until} in ${leaf.timeZone}`;
    case "network":
      return `their address is in ${orOf(leaf.ranges)}`;
    case "assurance":
      return assuranceWords(leaf);
  }
}

/** A condition in one sentence without its beginning; of none, that it always holds. */
export function conditionInWords(condition: Condition | null, names: ConditionNames = {}): string {
  return condition === null ? "always" : `if ${clauseInWords(condition, names)}`;
}

/** The same as the end of a sentence that begins with "if". */
export const clauseInWords = (condition: Condition, names: ConditionNames = {}): string =>
  part(condition, names, false);

function part(condition: Condition, names: ConditionNames, bracketed: boolean): string {
  switch (condition.kind) {
    case "all":
    case "any": {
      const parts = condition.conditions.map((inner) => part(inner, names, true));
      const text = parts.join(condition.kind === "all" ? ", and " : ", or ");
      return bracketed && parts.length > 1 ? `(${text})` : text;
    }
    case "not":
      return `it is not so that ${part(condition.condition, names, true)}`;
    default:
      return leafInWords(condition, names);
  }
}
