import { z } from "zod";
import { Condition } from "@/lib/authz/condition.schema";

const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;

/** One line, as it stands in lists; unique among the roles that hold in one place. */
export const RoleName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1, "Enter a name.")
  .max(60, "Use at most 60 characters.")
  .regex(ONE_LINE, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

export const RoleDescription = z
  .string()
  .trim()
  .normalize("NFC")
  .max(200, "Use at most 200 characters.")
  .regex(ONE_LINE, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** The shape of a permission's key; whether there is such a permission is asked later. */
export const PermissionKey = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_]*$/, "Use a permission's key, like view_invoice.");

/** The reach of a grant: every record, only those whose owner is the holder, or on a condition. */
export const GrantReach = z.union([z.enum(["all", "own"]), Condition]);
export type GrantReach = "all" | "own" | Condition;

/** What a role gives, one entry a permission. */
export const RoleGrants = z.record(PermissionKey, GrantReach);
export type RoleGrants = Record<string, GrantReach>;
