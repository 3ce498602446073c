import { z } from "zod";

export const CodeForm = z.object({
  // Not called a code: what was typed comes back with the error.
  shown: z.string().trim().min(1, "Enter the code that your device shows.").max(100),
});

export const AnswerForm = z.object({
  request: z.string().min(1).max(500),
  answer: z.enum(["allow", "deny"]),
});
