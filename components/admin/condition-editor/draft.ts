import type { FieldKind, RecordType } from "@/components/admin/condition-editor/catalogue";
import { MEANS } from "@/components/admin/condition-words";
import type { Condition, Leaf } from "@/lib/authz/condition.schema";
import type { Translator } from "@/lib/platform/locale/translator";
import { WEEKDAYS } from "@/lib/shared/weekday";

/** A condition while it is being edited: as typed, and perhaps not complete. */
export interface DraftLeaf {
  id: number;
  kind: Leaf["kind"];
  field: string;
  operator: string;
  /** One value, or several, one a line. */
  text: string;
  /** Ids, means or values of a list. */
  choices: string[];
  timeZone: string;
  days: string[];
  from: string;
  until: string;
  acr: string;
  minutes: string;
}

export interface DraftGroup {
  id: number;
  kind: "all" | "any" | "none";
  parts: DraftPart[];
}

export type DraftPart = DraftLeaf | DraftGroup;

export const isGroup = (part: DraftPart): part is DraftGroup => "parts" in part;

const OPERATORS = ["equals", "not-equals", "at-most", "at-least", "one-of"] as const;
const ACRS = ["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"] as const;

let lastId = 0;
const nextId = (): number => {
  lastId += 1;
  return lastId;
};

export const newGroup = (
  kind: DraftGroup["kind"] = "all",
  parts: DraftPart[] = [],
): DraftGroup => ({
  id: nextId(),
  kind,
  parts,
});

export const newLeaf = (kind: Leaf["kind"], timeZone = "UTC"): DraftLeaf => ({
  id: nextId(),
  kind,
  field: "",
  operator: "equals",
  text: "",
  choices: [],
  timeZone,
  days: WEEKDAYS.slice(0, 5),
  from: "09:00",
  until: "17:00",
  acr: "",
  minutes: "",
});

/** What was typed as JSON may name what there is not: that stays text, with whoever typed it. */
function offeredOf(values: readonly string[], all: readonly string[]): string[] {
  if (!values.every((value) => all.includes(value))) throw new TypeError("not offered");
  return [...values];
}

function draftLeaf(leaf: Leaf): DraftLeaf {
  const draft = newLeaf(leaf.kind);
  switch (leaf.kind) {
    case "own":
      return draft;
    case "field": {
      const listed = Array.isArray(leaf.value);
      return {
        ...draft,
        field: leaf.field,
        operator: offeredOf([leaf.operator], OPERATORS).join(""),
        text: Array.isArray(leaf.value) ? leaf.value.join("\n") : String(leaf.value),
        choices: listed ? (leaf.value as string[]) : [String(leaf.value)],
      };
    }
    case "user":
    case "role":
    case "team":
      return { ...draft, choices: leaf.ids };
    case "email-domain":
      return { ...draft, text: leaf.domains.join("\n") };
    case "means":
      return { ...draft, choices: offeredOf(leaf.oneOf, MEANS) };
    case "hours":
      return { ...draft, ...leaf, days: offeredOf(leaf.days, WEEKDAYS) };
    case "network":
      return { ...draft, text: leaf.ranges.join("\n") };
    case "assurance":
      return {
        ...draft,
        acr: leaf.acr === undefined ? "" : offeredOf([leaf.acr], ACRS).join(""),
        minutes: leaf.maxAgeSeconds === undefined ? "" : String(leaf.maxAgeSeconds / 60),
      };
  }
}

function draftPart(condition: Condition): DraftPart {
  switch (condition.kind) {
    case "all":
    case "any":
      return newGroup(condition.kind, condition.conditions.map(draftPart));
    case "not": {
      const inner = condition.condition;
      return newGroup(
        "none",
        inner.kind === "any" ? inner.conditions.map(draftPart) : [draftPart(inner)],
      );
    }
    default:
      return draftLeaf(condition);
  }
}

/** Where editing begins: always a group, of no parts for no condition. */
export function draftOf(condition: Condition | null): DraftGroup {
  if (condition === null) return newGroup();
  const part = draftPart(condition);
  return isGroup(part) ? part : newGroup("all", [part]);
}

/** One a line; where no value has a comma, commas do as well. */
const listed = (text: string, separator = /[\n,]/): string[] => [
  ...new Set(
    text
      .split(separator)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];

/** The words for what a part still lacks. */
export type Problem = Parameters<Translator<"conditions.editor.problems">>[0];

/** What a part says once it is complete, or what it still lacks and where. */
export type Reading<T> = { value: T } | { problem: Problem; odd?: string };

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DOMAIN = /^[^\s@]+$/;
const RANGE = /^[0-9a-fA-F.:]+\/\d{1,3}$/;

const problem = (name: Problem, odd?: string) =>
  odd === undefined ? { problem: name } : { problem: name, odd };

function readField(draft: DraftLeaf, kind: FieldKind | undefined): Reading<Leaf> {
  if (kind === undefined) return problem("otherField");
  const { field, operator } = draft;
  const leaf = (value: string | number | string[]) => ({
    value: { kind: "field", field, operator, value } as Leaf,
  });
  if (kind === "number") {
    const number = Number(draft.text);
    const whole = draft.text.trim() !== "" && Number.isSafeInteger(number);
    if (operator === "one-of") return problem("oneNumber");
    return whole ? leaf(number) : problem("wholeNumber");
  }
  if (operator === "at-most" || operator === "at-least") {
    return problem("onlyNumbers");
  }
  const values = kind === "text" ? listed(draft.text, /\n/) : draft.choices;
  if (operator === "one-of") return values.length > 0 ? leaf(values) : problem("values");
  const [value] = kind === "text" ? [draft.text.trim()] : draft.choices;
  return value === undefined || value === "" ? problem("value") : leaf(value);
}

function readAssurance({ acr, minutes }: DraftLeaf): Reading<Leaf> {
  const known = ACRS.find((one) => one === acr);
  const seconds = Math.round(Number(minutes) * 60);
  if (minutes.trim() !== "" && !(seconds >= 1 && seconds <= 31_536_000)) {
    return problem("minutes");
  }
  if (known === undefined && minutes.trim() === "") return problem("assurance");
  return {
    value: {
      kind: "assurance",
      ...(known === undefined ? {} : { acr: known }),
      ...(minutes.trim() === "" ? {} : { maxAgeSeconds: seconds }),
    },
  };
}

/** Reads one leaf. What it lacks is for people: the server judges everything again. */
export function readLeaf(draft: DraftLeaf, type: RecordType): Reading<Leaf> {
  const { kind, choices } = draft;
  switch (kind) {
    case "own":
      return type.ownable ? { value: { kind } } : problem("notOwned");
    case "field":
      return readField(
        draft,
        Object.hasOwn(type.fields, draft.field) ? type.fields[draft.field] : undefined,
      );
    case "user":
    case "role":
    case "team":
      return choices.length > 0 ? { value: { kind, ids: choices } } : problem("choose");
    case "email-domain": {
      const domains = listed(draft.text.toLowerCase());
      if (domains.length === 0) return problem("domains");
      const odd = domains.find((domain) => !DOMAIN.test(domain));
      return odd === undefined ? { value: { kind, domains } } : problem("domain", odd);
    }
    case "means":
      return choices.length > 0 ? { value: { kind, oneOf: choices } as Leaf } : problem("choose");
    case "hours": {
      const { timeZone, days, from, until } = draft;
      if (days.length === 0) return problem("days");
      if (!TIME.test(from) || !TIME.test(until)) return problem("times");
      return { value: { kind, timeZone, days, from, until } as Leaf };
    }
    case "network": {
      const ranges = listed(draft.text);
      if (ranges.length === 0) return problem("networks");
      const odd = ranges.find((range) => !RANGE.test(range));
      return odd === undefined ? { value: { kind, ranges } } : problem("network", odd);
    }
    case "assurance":
      return readAssurance(draft);
  }
}

/** The condition, null for none, or "incomplete" while any part of it is. */
export function readDraft(draft: DraftGroup, type: RecordType): Condition | null | "incomplete" {
  return draft.parts.length === 0 ? null : readPart(draft, type);
}

function readPart(part: DraftPart, type: RecordType): Condition | "incomplete" {
  if (!isGroup(part)) {
    const reading = readLeaf(part, type);
    return "value" in reading ? reading.value : "incomplete";
  }
  const conditions: Condition[] = [];
  for (const inner of part.parts) {
    const read = readPart(inner, type);
    if (read === "incomplete") return read;
    conditions.push(read);
  }
  const [only] = conditions;
  if (only === undefined) return "incomplete";
  const kind = part.kind === "none" ? "any" : part.kind;
  const joined: Condition = conditions.length === 1 ? only : { kind, conditions };
  return part.kind === "none" ? { kind: "not", condition: joined } : joined;
}
