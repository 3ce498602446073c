import { z } from "zod";

/** What can be chosen. */
export const IMPERSONATION_MINUTES = [15, 30, 60] as const;
export const IMPERSONATION_REASON_LENGTH_MAX = 200;

/** The user is told it, and the audit log keeps it. */
export const ImpersonationReason = z
  .string()
  .trim()
  .normalize("NFC")
  .min(3, "Say why, in a few words: the user is told it.")
  .max(
    IMPERSONATION_REASON_LENGTH_MAX,
    `Use at most ${IMPERSONATION_REASON_LENGTH_MAX} characters.`,
  )
  .refine((value) => value.isWellFormed(), "Use valid text.");

export const ImpersonationMinutes = z.coerce
  .number<string | number>("Choose 15, 30 or 60 minutes.")
  .pipe(z.literal(IMPERSONATION_MINUTES, "Choose 15, 30 or 60 minutes."));
