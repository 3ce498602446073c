import "server-only";
import { misfitsOf } from "@/lib/authz/resolve-condition";
import { resourceType } from "@/lib/authz/resource-types";
import { isUndeniable } from "@/lib/authz/undeniable";
import type { PolicyContent } from "@/lib/policies/policy.schema";

/** Why a version does not fit what there is, by the field to change. `names` says what of it. */
export interface Misfit {
  field: "permissions" | "condition" | "fields";
  /**
   * `undeniable`: whoever may undo policies keeps that. `unfitting-condition`: records of the
   * permissions do not have these fields, or no owner. `unreadable`: this release cannot read it. `allow-hides-nothing`: an allow has no
   * fields. `not-hideable`: these fields of the permissions' records cannot be hidden.
   */
  reason:
    | "unknown-permission"
    | "undeniable"
    | "unfitting-condition"
    | "unreadable"
    | "allow-hides-nothing"
    | "not-hideable";
  names: string[];
}

export interface Unfitting {
  outcome: "rejected";
  reason: "unfitting";
  misfits: Misfit[];
}

/** Null for what fits the permissions that there are and the records that they are about. */
export function fitContent(
  { effect, permissions, fields, condition }: Omit<PolicyContent, "note">,
  typeOf: ReadonlyMap<string, string>,
): Unfitting | null {
  const types = [...new Set(permissions.flatMap((key) => typeOf.get(key) ?? []))];
  const unfitting = types.flatMap((type) => (condition === null ? [] : misfitsOf(condition, type)));
  const found: Misfit[] = [
    {
      field: "permissions",
      reason: "unknown-permission",
      names: permissions.filter((key) => !typeOf.has(key)),
    },
    {
      field: "permissions",
      reason: "undeniable",
      names: effect === "deny" ? permissions.filter(isUndeniable) : [],
    },
    { field: "condition", reason: "unfitting-condition", names: [...new Set(unfitting)] },
    {
      field: "fields",
      reason: "allow-hides-nothing",
      names: effect === "allow" ? fields : [],
    },
    {
      field: "fields",
      reason: "not-hideable",
      names:
        effect === "allow"
          ? []
          : fields.filter((field) =>
              types.some((type) => !(resourceType(type).hideable ?? []).includes(field)),
            ),
    },
  ];
  const misfits = found.filter(({ names }) => names.length > 0);
  return misfits.length === 0 ? null : { outcome: "rejected", reason: "unfitting", misfits };
}
