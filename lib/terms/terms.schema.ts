import { z } from "zod";

export const DOCUMENTS = ["terms", "privacy"] as const;
export type TermsDocument = (typeof DOCUMENTS)[number];

export const TITLE_LENGTH_MAX = 120;
export const SUMMARY_LENGTH_MAX = 1_000;
export const TEXT_LENGTH_MAX = 50_000;

/** Without control characters other than line ends, which are one kind. */
const Written = z
  .string()
  .transform((text) => text.replaceAll("\r\n", "\n").trim())
  .refine((text) => !/[^\P{Cc}\n]/u.test(text), "It has control characters.");

export const NewTerms = z.object({
  document: z.enum(DOCUMENTS, "Choose one of these."),
  title: Written.pipe(
    z.string().min(1, "Give it a title.").max(TITLE_LENGTH_MAX, "The title is too long."),
  ),
  summary: Written.pipe(z.string().max(SUMMARY_LENGTH_MAX, "The summary is too long.")),
  text: Written.pipe(
    z
      .string()
      .min(1, "Write what is to be accepted.")
      .max(TEXT_LENGTH_MAX, "The text is too long."),
  ),
  /** Null for at once. */
  effectiveAt: z.date().nullable(),
});
export type NewTerms = z.infer<typeof NewTerms>;
