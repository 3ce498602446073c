import "server-only";
import { isDeepStrictEqual } from "node:util";
import { type Condition, readCondition } from "@/lib/authz/condition.schema";
import type { GrantReach } from "@/lib/authz/role.schema";

/** A condition that this version cannot read is shown as such: it grants nothing (FLT-26). */
export type StoredReach = GrantReach | "unreadable";

/** How far a stored grant reaches. */
export function reachOf(condition: unknown): StoredReach {
  if (condition === null) return "all";
  const readable = readCondition(condition);
  if (readable === null) return "unreadable";
  return readable.kind === "own" ? "own" : readable;
}

/** The condition as it is stored; null for none. What cannot be read is equal to nothing. */
export function conditionOf(reach: StoredReach): Condition | { kind: "unreadable" } | null {
  if (reach === "all") return null;
  if (reach === "own" || reach === "unreadable") return { kind: reach };
  return reach;
}

export const isSameReach = (
  one: StoredReach | undefined,
  other: StoredReach | undefined,
): boolean => isDeepStrictEqual(one, other);

/** In a few words, for the audit log: a condition in the form in which it is stored. */
export const describeReach = (reach: StoredReach): string =>
  typeof reach === "string" ? reach : JSON.stringify(reach);
