import "server-only";
import { type Condition, type Leaf, leavesOf } from "@/lib/authz/condition.schema";
import type { Facts } from "@/lib/authz/facts";
import { isFactLeaf, judgeLeaf } from "@/lib/authz/judge-leaf";
import { type ResourceType, resourceType } from "@/lib/authz/resource-types";

/** A filter in Prisma's language, which CASL reads the same way on a row in memory. */
export type Where = Record<string, unknown>;

/** What is left of a condition once the facts are in: it holds, it does not, or for these rows. */
export type Residue = boolean | Where;

/**
 * Puts the facts into a condition. What cannot be known, because a fact or a field is missing or
 * does not fit, counts against the caller: as not met where the condition allows, as met where it
 * denies. `row` is given to judge one record: a field that it lacks is then not known.
 */
export function resolveCondition(
  condition: Condition | null,
  effect: "allow" | "deny",
  facts: Facts,
  typeName: string,
  row?: Readonly<Record<string, unknown>>,
): Residue {
  // One that cannot be read: a grant of it gives nothing, a deny of it denies (FLT-26).
  const unknownIs = effect === "deny";
  return condition === null
    ? unknownIs
    : resolve(condition, unknownIs, facts, resourceType(typeName), row);
}

function resolve(
  condition: Condition,
  unknownIs: boolean,
  facts: Facts,
  type: ResourceType,
  row: Readonly<Record<string, unknown>> | undefined,
): Residue {
  switch (condition.kind) {
    case "all":
      return join(condition.conditions, false, "AND");
    case "any":
      return join(condition.conditions, true, "OR");
    case "not": {
      const inner = resolve(condition.condition, !unknownIs, facts, type, row);
      return typeof inner === "boolean" ? !inner : { NOT: inner };
    }
    default:
      if (isFactLeaf(condition)) return judgeLeaf(condition, facts) ?? unknownIs;
      return whereOf(condition, facts, type, row) ?? unknownIs;
  }

  /** `settles` is the one part's answer that is everybody's. */
  function join(parts: Condition[], settles: boolean, operator: "AND" | "OR"): Residue {
    const open: Where[] = [];
    for (const part of parts) {
      const residue = resolve(part, unknownIs, facts, type, row);
      if (residue === settles) return settles;
      if (typeof residue !== "boolean") open.push(residue);
    }
    return open.length === 0 ? !settles : { [operator]: open };
  }
}

const OPERATORS = {
  equals: "equals",
  "not-equals": "not",
  "at-most": "lte",
  "at-least": "gte",
  "one-of": "in",
} as const;

/** The filter of a condition about the record, or null for one that cannot be known of it. */
export function whereOf(
  leaf: Extract<Leaf, { kind: "own" | "field" }>,
  { principal }: Facts,
  { ownerField, fields }: ResourceType,
  row: Readonly<Record<string, unknown>> | undefined,
): Where | null {
  if (leaf.kind === "own") {
    // A service account is no user, and owns nothing.
    if (ownerField === undefined || principal.kind === "service") return null;
    return isKnown(ownerField) ? { [ownerField]: { equals: principal.id } } : null;
  }
  const type = Object.hasOwn(fields, leaf.field) ? fields[leaf.field] : undefined;
  if (type === undefined || !isKnown(leaf.field)) return null;
  if (type === "number") {
    if (typeof leaf.value !== "number") return null;
  } else {
    const values = Array.isArray(leaf.value) ? leaf.value : [leaf.value];
    if (leaf.operator === "at-most" || leaf.operator === "at-least") return null;
    const fits = (value: unknown) =>
      typeof value === "string" && (type === "text" || type.includes(value));
    if (!values.every(fits)) return null;
  }
  return { [leaf.field]: { [OPERATORS[leaf.operator]]: leaf.value } };

  function isKnown(field: string): boolean {
    if (row === undefined) return true;
    const value = Object.hasOwn(row, field) ? row[field] : undefined;
    return fields[field] === "number" ? Number.isSafeInteger(value) : typeof value === "string";
  }
}

/** The field conditions that do not fit the resource type, in words for whoever writes them. */
export function misfitsOf(condition: Condition, typeName: string): string[] {
  const type = resourceType(typeName);
  return leavesOf(condition).flatMap((leaf) => {
    if (isFactLeaf(leaf)) return [];
    if (leaf.kind === "own") return type.ownerField === undefined ? ["own"] : [];
    const facts = { principal: { kind: "user", id: "" } } as Facts;
    return whereOf(leaf, facts, type, undefined) === null ? [leaf.field] : [];
  });
}
