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
  /** Until when it is held, or will be; null or left out is for good. */
  until?: Date | null;
  /** The condition asks for who somebody is, and its holder does not meet all of that. */
  unmet?: boolean;
}

/** The same readable condition. One that this version cannot read equals nothing, not even itself. */
function isSameCondition(a: unknown, b: unknown): boolean {
  const [left, right] = [readCondition(a), readCondition(b)];
  return left !== null && right !== null && isDeepStrictEqual(left, right);
}

/** What is held for a time is passed on for no longer, or a role for an hour would become one for good. */
const lastsAsLong = (held: Holding, required: Holding): boolean =>
  !held.until || (Boolean(required.until) && Number(required.until) <= Number(held.until));

/** As needed for what is done at once: for that, holding it now is enough. */
export const forNow = (holdings: Holding[]): Holding[] =>
  holdings.map((holding) => ({ ...holding, until: new Date(0) }));

/**
 * To act on what every organization shares: the permission itself, held on the whole instance (ATK-43).
 * Nothing within an organization, where being allowed it is enough.
 */
export const toReach = ({ key }: { key: string }, organizationId: string | null): Holding[] =>
  organizationId === null ? forNow([{ permissionKey: key, condition: null, organizationId }]) : [];

const reaches = (held: Holding, required: Holding): boolean =>
  held.permissionKey === required.permissionKey &&
  lastsAsLong(held, required) &&
  (held.organizationId === null || held.organizationId === required.organizationId) &&
  (held.condition === null ||
    (held.unmet !== true && isSameCondition(held.condition, required.condition)));

/**
 * What `held` does not reach of `required`. Holding a permission with a
 * condition, in one organization, or for a time, reaches no more than exactly that, so
 * nothing can be passed on wider or longer than it is held (ATK-42).
 */
export const missingFrom = (held: Holding[], required: Holding[]): Holding[] =>
  required.filter((needed) => !held.some((holding) => reaches(holding, needed)));

/** Each of these once. */
export const distinct = (holdings: Holding[]): Holding[] => [
  ...new Map(holdings.map((holding) => [JSON.stringify(holding), holding])).values(),
];

/** The permissions among these, each once and sorted: for people and for the audit log. */
export const permissionKeysOf = (holdings: Holding[]): string[] =>
  [...new Set(holdings.map((holding) => holding.permissionKey))].sort();
