import { z } from "zod";

/** The answer to a refusal with a `challenge`, sent along with the same request (F119). */
export const Proof = z
  .string()
  .max(200)
  .optional()
  .describe("What was found for the `challenge` of a refusal `temporarily_locked`.");
