import "server-only";
import { prismaQuery } from "@casl/prisma/runtime";
import { type Row, residueOf } from "@/lib/authz/ability";
import { type Condition, type Leaf, readCondition } from "@/lib/authz/condition.schema";
import { evaluate, type Question, type Verdict } from "@/lib/authz/evaluate";
import type { Facts } from "@/lib/authz/facts";
import type { GrantPath, PathFinder } from "@/lib/authz/grant-paths";
import { actualOf, isFactLeaf, judgeLeaf } from "@/lib/authz/judge-leaf";
import { type Where, whereOf } from "@/lib/authz/resolve-condition";
import { resourceType } from "@/lib/authz/resource-types";
import type { Rule } from "@/lib/authz/rule";

/** `some`: for some records, where none was asked about. `unknown`: a fact is missing. */
export type Finding = "met" | "not-met" | "unknown" | "some";

/** A condition with what was found, down to the values. */
export type ExplainedCondition =
  | { kind: "leaf"; leaf: Leaf; actual: unknown; finding: Finding }
  | { kind: "all" | "any" | "not"; parts: ExplainedCondition[]; finding: Finding }
  | { kind: "unreadable"; finding: "unknown" };

export interface TracedRule extends Rule {
  /** By which names the grant came, as they were then; null for a policy. */
  path: GrantPath | null;
  /** Whether the rule counted: a deny whose facts are unknown does, an allow does not. */
  finding: "counts" | "does-not-count" | "for-some";
  explained: ExplainedCondition | null;
}

/**
 * Why a decision came out as it did, with all that it was made from: {@link replay} makes it
 * again. Of the record it keeps what conditions may ask about, and no more.
 */
export interface Trace {
  format: 1;
  permissionKey: string;
  resourceType: string;
  facts: Facts;
  resource: { id: string | null; attributes: Row } | null;
  rules: TracedRule[];
  verdict: Verdict;
  /** What the roles, teams and users in it were called then, by their ids; of others there is only the id. */
  names: Record<string, string>;
}

/** What conditions may ask about the record. */
export function attributesOf(typeName: string, row: Row): Row {
  const { ownerField, fields } = resourceType(typeName);
  const asked = [...Object.keys(fields), ...(ownerField === undefined ? [] : [ownerField])];
  return Object.fromEntries(
    asked.flatMap((field) => (Object.hasOwn(row, field) ? [[field, row[field]]] : [])),
  );
}

export function traceOf(
  question: Question,
  pathOf: PathFinder = () => null,
  names: Record<string, string> = {},
): Trace {
  const { permissionKey, resourceType: type, facts, rules, resource } = question;
  const attributes = resource === null ? null : attributesOf(type, resource);
  const id = resource === null ? null : resource["id"];
  return {
    format: 1,
    permissionKey,
    resourceType: type,
    facts,
    resource: attributes && { id: typeof id === "string" ? id : null, attributes },
    rules: rules.map((rule) => ({
      ...rule,
      path: pathOf(rule.source),
      finding: findingOf(rule, facts, type, attributes),
      explained: explain(rule.condition, facts, type, attributes),
    })),
    verdict: evaluate({ ...question, resource: attributes }),
    names,
  };
}

/** Makes the decision of a trace again, from what is in it alone. */
export const replay = ({
  permissionKey,
  resourceType: type,
  facts,
  resource,
  rules,
}: Omit<Trace, "rules"> & { rules: readonly Rule[] }) =>
  evaluate({
    permissionKey,
    resourceType: type,
    facts,
    rules,
    resource: resource?.attributes ?? null,
  });

function findingOf(rule: Rule, facts: Facts, type: string, row: Row | null): TracedRule["finding"] {
  const residue = residueOf(rule, facts, type, row ?? undefined);
  if (typeof residue === "boolean") return residue ? "counts" : "does-not-count";
  if (row === null) return "for-some";
  return fits(residue, row) ? "counts" : "does-not-count";
}

/** What CASL says about a filter and a row. */
const fits = (where: Where, row: Row): boolean => Boolean(prismaQuery(where)(row));

function explain(
  stored: unknown,
  facts: Facts,
  type: string,
  row: Row | null,
): ExplainedCondition | null {
  if (stored === null) return null;
  const condition = readCondition(stored);
  return condition === null
    ? { kind: "unreadable", finding: "unknown" }
    : explainPart(condition, facts, type, row);
}

function explainPart(
  condition: Condition,
  facts: Facts,
  type: string,
  row: Row | null,
): ExplainedCondition {
  if (condition.kind === "all" || condition.kind === "any") {
    const parts = condition.conditions.map((part) => explainPart(part, facts, type, row));
    const [settles, otherwise] =
      condition.kind === "all" ? (["not-met", "met"] as const) : (["met", "not-met"] as const);
    return { kind: condition.kind, parts, finding: joined(parts, settles, otherwise) };
  }
  if (condition.kind === "not") {
    const part = explainPart(condition.condition, facts, type, row);
    const inverse = { met: "not-met", "not-met": "met", unknown: "unknown", some: "some" } as const;
    return { kind: "not", parts: [part], finding: inverse[part.finding] };
  }
  if (isFactLeaf(condition)) {
    const judged = judgeLeaf(condition, facts);
    const finding = judged === null ? "unknown" : judged ? "met" : "not-met";
    return { kind: "leaf", leaf: condition, actual: actualOf(condition, facts), finding };
  }
  return explainRecord(condition, facts, type, row);
}

function explainRecord(
  leaf: Extract<Leaf, { kind: "own" | "field" }>,
  facts: Facts,
  typeName: string,
  row: Row | null,
): ExplainedCondition {
  const type = resourceType(typeName);
  const where = whereOf(leaf, facts, type, row ?? undefined);
  const field = leaf.kind === "own" ? type.ownerField : leaf.field;
  const actual = row === null || field === undefined ? null : (row[field] ?? null);
  if (where === null) return { kind: "leaf", leaf, actual, finding: "unknown" };
  if (row === null) return { kind: "leaf", leaf, actual, finding: "some" };
  return { kind: "leaf", leaf, actual, finding: fits(where, row) ? "met" : "not-met" };
}

/** As in Kleene's logic: what settles the whole wins, then what is not known. */
function joined(
  parts: readonly ExplainedCondition[],
  settles: Finding,
  otherwise: Finding,
): Finding {
  const found = parts.map(({ finding }) => finding);
  if (found.includes(settles)) return settles;
  if (found.includes("unknown")) return "unknown";
  return found.includes("some") ? "some" : otherwise;
}
