import { z } from "zod";

const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;

/** One line, as it stands in lists; unique within the organization. */
export const TeamName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1, "Enter a name.")
  .max(60, "Use at most 60 characters.")
  .regex(ONE_LINE, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

export const TeamDescription = z
  .string()
  .trim()
  .normalize("NFC")
  .max(200, "Use at most 200 characters.")
  .regex(ONE_LINE, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");
