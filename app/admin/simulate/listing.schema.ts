import { isIP } from "node:net";
import { z } from "zod";

const Text = z
  .string()
  .trim()
  .min(1)
  .max(200, "That is too long.")
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "Use one line of text.");

const TIME = "Use a time like 2027-01-31T12:00 (UTC).";

export const LEVELS = ["1", "2", "3"] as const;
export const MEANS = ["session", "app", "personal-token"] as const;

/** The instant that was typed, in UTC; null for none. */
export function instantOf(text: string): Date | null {
  const at = new Date(`${text}:00Z`);
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1970 ? null : at;
}

/** What is tried out, as the address says it. */
export const SimulateListing = z.object({
  type: z.enum(["user", "service"], "Choose a user or a service account.").optional(),
  subject: Text.optional(),
  permission: Text.optional(),
  record: Text.optional(),
  at: z
    .string()
    .refine(
      (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) && instantOf(text) !== null,
      TIME,
    )
    .optional(),
  ip: z
    .string()
    .refine((text) => isIP(text) !== 0, "Use an address like 192.0.2.1.")
    .optional(),
  means: z.enum(MEANS, "Choose how they come.").optional(),
  level: z.enum(LEVELS, "Choose how they have proven who they are.").optional(),
  age: z.coerce
    .number("Use a number of minutes.")
    .int("Use a number of minutes.")
    .min(0)
    .max(525_600, "Use at most a year.")
    .optional(),
});
export type SimulateListing = z.output<typeof SimulateListing>;
