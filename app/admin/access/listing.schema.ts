import { z } from "zod";

const Text = z
  .string()
  .trim()
  .min(1)
  .max(200, "That is too long.")
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "Use one line of text.");

/** Whom the report is about, as its address says it. */
export const AccessListing = z.object({
  permission: Text.optional(),
  record: Text.optional(),
  type: z.enum(["user", "service"], "Choose users or service accounts.").optional(),
});
export type AccessListing = z.output<typeof AccessListing>;
