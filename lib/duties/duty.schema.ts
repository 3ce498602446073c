import { z } from "zod";
import { PermissionKey, RoleDescription, RoleName } from "@/lib/authz/role.schema";

/** No duty is made of more permissions. */
const KEYS_MAX = 50;
const WAIVER_DAYS_MAX = 365;

const Side = z
  .array(PermissionKey)
  .min(1, "Choose at least one permission.")
  .max(KEYS_MAX, `Use at most ${KEYS_MAX} permissions.`)
  .transform((keys) => [...new Set(keys)].sort());

/** What nobody may hold together: one of the left and one of the right. */
export const DutyConflictInput = z
  .strictObject({
    name: RoleName,
    description: RoleDescription.default(""),
    left: Side,
    right: Side,
    everywhere: z
      .boolean()
      .default(false)
      .describe("In every organization, not only in the caller's own."),
  })
  .refine(({ left, right }) => !left.some((key) => right.includes(key)), {
    path: ["right"],
    message: "A permission is on one side only.",
  });
export type DutyConflictInput = z.output<typeof DutyConflictInput>;

/** Why something is allowed that otherwise is not: for whoever asks later. */
export const WaiverReason = z
  .string()
  .trim()
  .normalize("NFC")
  .min(3, "Say why, in a few words.")
  .max(500, "Use at most 500 characters.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

export const WaiverDays = z.coerce
  .number<string | number>("Choose a number of days.")
  .int("Choose a number of days.")
  .min(1, "Choose at least one day.")
  .max(WAIVER_DAYS_MAX, "A waiver lasts a year at most.");
