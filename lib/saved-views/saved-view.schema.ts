import { z } from "zod";

/** The lists whose views can be saved. */
export const VIEWED_LISTS = ["users", "sessions", "audit"] as const;
export type ViewedList = (typeof VIEWED_LISTS)[number];

export const VIEW_NAME_LENGTH_MAX = 60;

export const ViewName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1, "Give the view a name.")
  .max(VIEW_NAME_LENGTH_MAX, `Use at most ${VIEW_NAME_LENGTH_MAX} characters.`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, "Use one line, without invisible characters.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** Parameters of an address, as they are stored. */
export const ViewParameters = z.record(z.string(), z.string());
