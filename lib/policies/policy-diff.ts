import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@/lib/audit/record-event";
import { readCondition } from "@/lib/authz/condition.schema";
import type { VersionRow } from "@/lib/policies/policy-store";

export type VersionContent = Pick<VersionRow, "effect" | "permissions" | "fields" | "condition">;

/** One thing that two versions say differently. */
export type Difference =
  | { field: "effect"; from: "allow" | "deny" | null; to: "allow" | "deny" | null }
  | { field: "permissions" | "fields"; added: string[]; removed: string[] }
  | { field: "condition"; from: JsonValue; to: JsonValue };

/** As it was written; what this version cannot read is shown as it is stored. */
const conditionOf = (content: VersionContent | null): JsonValue =>
  (content === null || content.condition === null
    ? null
    : (readCondition(content.condition) ?? content.condition)) as JsonValue;

/** What the second version says differently than the first; null stands for no policy. */
export function diffVersions(
  before: VersionContent | null,
  after: VersionContent | null,
): Difference[] {
  const lists = (["permissions", "fields"] as const).flatMap((field): Difference[] => {
    const [old, next] = [before?.[field] ?? [], after?.[field] ?? []];
    const added = next.filter((one) => !old.includes(one));
    const removed = old.filter((one) => !next.includes(one));
    return added.length + removed.length === 0 ? [] : [{ field, added, removed }];
  });
  const effects = { from: before?.effect ?? null, to: after?.effect ?? null };
  const conditions = { from: conditionOf(before), to: conditionOf(after) };
  return [
    ...(effects.from === effects.to ? [] : [{ field: "effect" as const, ...effects }]),
    ...lists,
    ...(isDeepStrictEqual(conditions.from, conditions.to)
      ? []
      : [{ field: "condition" as const, ...conditions }]),
  ];
}

/** A version as the audit log shows it. */
export function describeVersion(
  version: (VersionContent & { number: number }) | null,
): { [key: string]: JsonValue } | null {
  if (version === null) return null;
  const { number, effect, permissions, fields } = version;
  return { number, effect, permissions, fields, condition: conditionOf(version) };
}
