import { z } from "zod";
import { WorkProof } from "@/app/(auth)/forms.schema";
import { FACTOR_KINDS } from "@/lib/shared/factor";

const Context = z.object({
  factor: z.enum(FACTOR_KINDS),
  for: z.enum(["sign-in", "step-up"]),
  returnTo: z.string().optional(),
});

export const PromptForm = Context;

/** Of a sign-in in which nobody has said who they are. */
export const NamelessForm = z.object({ returnTo: z.string().optional() });

export const AnswerForm = Context.extend({
  password: z.string().max(1_024, "That is too long.").optional(),
  code: z.string().max(100, "That is too long.").optional(),
  /** What the browser's WebAuthn answered, as JSON. */
  response: z.string().max(16_384, "That is too long.").optional(),
  trust: z.literal("on").optional(),
  proof: WorkProof,
});
