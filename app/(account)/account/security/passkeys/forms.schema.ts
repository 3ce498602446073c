import { z } from "zod";

/** What its owner calls a passkey: one line. */
const PasskeyName = z
  .string()
  .trim()
  .min(1, "Enter a name.")
  .max(60, "Use at most 60 characters.")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** Both when it asks and when it sends: a name that will not do is said before the browser asks. */
export const StartPasskeyForm = z.object({ name: PasskeyName });

export const EnrolPasskeyForm = StartPasskeyForm.extend({
  /** What the browser's WebAuthn answered, as JSON. */
  response: z.string().max(16_384, "That is too long."),
  returnTo: z.string().optional(),
});

export const RenamePasskeyForm = z.object({ passkeyId: z.uuid(), name: PasskeyName });

export const ForgetPasskeyForm = z.object({ passkeyId: z.uuid() });
