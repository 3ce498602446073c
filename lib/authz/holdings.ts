import "server-only";
import { isDeepStrictEqual } from "node:util";
import { readCondition } from "@/lib/authz/condition.schema";

/** One permission as somebody holds it, or as a role would give it. */
export interface Holding {
  permissionKey: string;
  /** As stored; null holds without a condition. */
  condition: unknown;
  /** Where it holds; null is the whole instance. */
  organizationId: string | null;
  /** The condition asks for who somebody is, and its holder does not meet all of that. */
  unmet?: boolean;
}

/** The same readable condition. One that this version cannot read equals nothing, not even itself. */
function isSameCondition(a: unknown, b: unknown): boolean {
  const [left, right] = [readCondition(a), readCondition(b)];
  return left !== null && right !== null && isDeepStrictEqual(left, right);
}

const reaches = (held: Holding, required: Holding): boolean =>
  held.permissionKey === required.permissionKey &&
  (held.organizationId === null || held.organizationId === required.organizationId) &&
  (held.condition === null ||
    (held.unmet !== true && isSameCondition(held.condition, required.condition)));

/**
 * What `held` does not reach of `required`. Holding a permission with a
 * condition, or in one organization, reaches no more than exactly that, so
 * nothing can be passed on wider than it is held (ATK-42).
 */
export const missingFrom = (held: Holding[], required: Holding[]): Holding[] =>
  required.filter((needed) => !held.some((holding) => reaches(holding, needed)));

/** The permissions among these, each once and sorted: for people and for the audit log. */
export const permissionKeysOf = (holdings: Holding[]): string[] =>
  [...new Set(holdings.map((holding) => holding.permissionKey))].sort();
