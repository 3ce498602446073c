import type { Condition, Leaf } from "@/lib/authz/condition.schema";
import type { Translator } from "@/lib/platform/locale/translator";

/** Names of what conditions name by ids; what is not in it is shown as its id. */
export type ConditionNames = Readonly<Record<string, string>>;

/** What says conditions, on the server and in the browser. */
export type ConditionTranslator = Translator<"conditions">;

export const MEANS = ["session", "app", "personal-token", "service"] as const;

/** How strongly somebody has proven who they are, by the name of its words. */
export const PROOFS = {
  "urn:gatehouse:aal1": "aal1",
  "urn:gatehouse:aal2": "aal2",
  "urn:gatehouse:aal3": "aal3",
} as const;

function orOf(t: ConditionTranslator, values: readonly string[]): string {
  const last = values.at(-1) ?? "";
  if (values.length < 2) return last;
  const before = values
    .slice(0, -1)
    .reduce((said, next) => t("words.comma", { before: said, next }));
  return t("words.or", { before, last });
}

/** An age as people say it. */
function spanOf(t: ConditionTranslator, seconds: number): string {
  if (seconds % 3600 === 0) return t("words.spans.hour", { count: seconds / 3600 });
  if (seconds % 60 === 0) return t("words.spans.minute", { count: seconds / 60 });
  return t("words.spans.second", { count: seconds });
}

function assuranceWords(
  t: ConditionTranslator,
  { acr, maxAgeSeconds }: Extract<Leaf, { kind: "assurance" }>,
): string {
  const how = acr === undefined ? "" : t(`proofs.${PROOFS[acr]}`);
  const span = maxAgeSeconds === undefined ? "" : spanOf(t, maxAgeSeconds);
  if (how === "") return span === "" ? t("words.proven") : t("words.provenWithin", { span });
  return span === "" ? t("words.provenWith", { how }) : t("words.provenBoth", { how, span });
}

/** One leaf, as the end of a sentence that begins with "if". */
export function leafInWords(
  t: ConditionTranslator,
  leaf: Leaf,
  names: ConditionNames = {},
): string {
  const named = (ids: readonly string[]) =>
    orOf(
      t,
      ids.map((id) => names[id] ?? id),
    );
  switch (leaf.kind) {
    case "own":
      return t("words.own");
    case "field": {
      const value = Array.isArray(leaf.value) ? orOf(t, leaf.value) : String(leaf.value);
      return t(`words.fields.${leaf.operator}`, { field: leaf.field, value });
    }
    case "user":
      return t("words.user", { names: named(leaf.ids) });
    case "role":
      return t("words.role", { names: named(leaf.ids) });
    case "team":
      return t("words.team", { names: named(leaf.ids) });
    case "email-domain": {
      const domains = leaf.domains.map((domain) => `@${domain}`);
      return t("words.emailDomain", { domains: orOf(t, domains) });
    }
    case "means": {
      const means = leaf.oneOf.map((one) => t(`kinds.${one}`));
      return t("words.means", { means: orOf(t, means) });
    }
    case "hours": {
      const { from, until, timeZone } = leaf;
      const days = leaf.days
        .map((day): string => t(`days.${day}`))
        .reduce((before, next) => t("words.comma", { before, next }));
      return t("words.hours", { days, from, until, timeZone });
    }
    case "network":
      return t("words.network", { ranges: orOf(t, leaf.ranges) });
    case "assurance":
      return assuranceWords(t, leaf);
  }
}

/** A condition in one sentence without its beginning; of none, that it always holds. */
export function conditionInWords(
  t: ConditionTranslator,
  condition: Condition | null,
  names: ConditionNames = {},
): string {
  if (condition === null) return t("words.always");
  return t("words.if", { clause: clauseInWords(t, condition, names) });
}

/** The same as the end of a sentence that begins with "if". */
export const clauseInWords = (
  t: ConditionTranslator,
  condition: Condition,
  names: ConditionNames = {},
): string => part(t, condition, names, false);

function part(
  t: ConditionTranslator,
  condition: Condition,
  names: ConditionNames,
  bracketed: boolean,
): string {
  switch (condition.kind) {
    case "all":
    case "any": {
      const parts = condition.conditions.map((inner) => part(t, inner, names, true));
      const text = parts.reduce((before, next) => t(`words.${condition.kind}`, { before, next }));
      return bracketed && parts.length > 1 ? `(${text})` : text;
    }
    case "not":
      return t("words.not", { part: part(t, condition.condition, names, true) });
    default:
      return leafInWords(t, condition, names);
  }
}
