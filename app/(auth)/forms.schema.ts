import { z } from "zod";
import { GivenPassword, NewPassword } from "@/lib/credentials/password/password.schema";
import { Email, PersonName } from "@/lib/shared/email.schema";

const optionalName = z
  .union([z.literal("").transform(() => null), PersonName])
  .default("")
  .transform((name) => name || null);

export const SignInForm = z.object({
  email: Email,
  password: GivenPassword,
  returnTo: z.string().optional(),
});

export const ProviderForm = z.object({
  provider: z.enum(["google", "github"]),
  returnTo: z.string().optional(),
});

export const SignUpForm = z.object({ name: optionalName, email: Email, password: NewPassword });

export const ConfirmEmailForm = z.object({
  token: z.string(),
  password: GivenPassword.optional(),
});

export const RequestResetForm = z.object({ email: Email });

export const ResetForm = z.object({ token: z.string(), password: NewPassword });

export const SetupForm = z.object({
  token: z.string(),
  name: optionalName,
  email: Email,
  password: NewPassword,
});
