import { z } from "zod";
import { NewTerms } from "@/lib/terms/terms.schema";

/** A day, or nothing for at once. */
const Day = z
  .string()
  .trim()
  .refine((text) => text === "" || z.iso.date().safeParse(text).success, "Choose a day.")
  .transform((text) => (text === "" ? null : new Date(`${text}T00:00:00Z`)));

export const TermsForm = z
  .object({ document: z.string(), title: z.string(), summary: z.string(), text: z.string() })
  .extend({ effectiveOn: Day })
  .transform(({ effectiveOn, ...terms }): unknown => ({ ...terms, effectiveAt: effectiveOn }))
  .pipe(NewTerms);
