import { z } from "zod";

/** What somebody types to find something in a list. */
export const SearchText = z
  .string()
  .trim()
  .normalize("NFC")
  .max(100, "Search for at most 100 characters.")
  .regex(/^\P{Cc}*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** A list that is narrowed by nothing else. */
export const SearchListing = z.strictObject({ q: SearchText.optional() });
