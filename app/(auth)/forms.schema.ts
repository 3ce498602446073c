import { z } from "zod";
import { GivenPassword, NewPassword } from "@/lib/credentials/password/password.schema";
import { Email, PersonName } from "@/lib/shared/email.schema";

/** That the browser has worked for an attempt; the server says when it has to. */
export const WorkProof = z.string().max(200).optional();

const optionalName = z
  .union([z.literal("").transform(() => null), PersonName])
  .default("")
  .transform((name) => name || null);

export const SignInForm = z.object({
  email: Email,
  password: GivenPassword,
  returnTo: z.string().optional(),
  proof: WorkProof,
});

/** The same form, sent by one of its buttons that ask for a mail instead of a password. */
export const AskForMailForm = z.object({
  email: Email,
  via: z.enum(["code", "link"]),
  returnTo: z.string().optional(),
});

export const LinkForm = z.object({ token: z.string().max(100) });

export const ProviderForm = z.object({
  provider: z.string().max(40),
  returnTo: z.string().optional(),
});

export const SignUpForm = z.object({
  name: optionalName,
  email: Email,
  password: NewPassword,
  returnTo: z.string().optional(),
  proof: WorkProof,
});

export const ConfirmEmailForm = z.object({
  token: z.string(),
  password: GivenPassword.optional(),
});

export const RequestResetForm = z.object({ email: Email, returnTo: z.string().optional() });

export const ResetForm = z.object({ token: z.string(), password: NewPassword });

export const SetupForm = z.object({
  token: z.string(),
  name: optionalName,
  email: Email,
  password: NewPassword,
});
