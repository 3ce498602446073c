import { z } from "zod";
import { Condition } from "@/lib/authz/condition.schema";
import { PermissionKey, RoleDescription, RoleName } from "@/lib/authz/role.schema";

export const PolicyName = RoleName;
export const PolicyDescription = RoleDescription;

const sorted = (values: string[]): string[] => [...new Set(values)].sort();

/** What a version of a policy says. Whether it fits what there is, is asked later. */
export const PolicyContent = z.strictObject({
  effect: z.enum(["allow", "deny"], "Choose whether it allows or denies."),
  permissions: z
    .array(PermissionKey)
    .min(1, "Choose at least one permission.")
    .max(200, "Use at most 200 permissions.")
    .transform(sorted),
  /** A deny hides these fields only; empty is the whole permission. */
  fields: z.array(z.string().max(60)).max(50).default([]).transform(sorted),
  condition: Condition.nullable().default(null),
  /** Why, for whoever reads the versions. */
  note: PolicyDescription.default(""),
});
export type PolicyContent = z.output<typeof PolicyContent>;

/** Where a policy counts: in its author's organization, or in all of them. */
export const PolicyPlace = z.enum(["organization", "instance"]);
export type PolicyPlace = z.output<typeof PolicyPlace>;
