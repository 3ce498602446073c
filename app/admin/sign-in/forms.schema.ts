import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { SignInRules } from "@/lib/organizations/sign-in-rules.schema";

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** Rules as a form sends them: a box that is not ticked is not sent at all. */
export const SignInRulesForm = SignInRules.extend({
  mfaRequired: ticked,
  adminMfaRequired: ticked,
  smsAllowed: ticked,
  riskChecked: ticked,
  ssoRequired: ticked,
  passkeyModels: z
    .string()
    .max(5_000, "That is too long.")
    .transform((text) =>
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    )
    .pipe(SignInRules.shape.passkeyModels),
  networks: z
    .string()
    .max(8_000, "That is too long.")
    .transform((text) => text.split(/[\s,;]+/).filter(Boolean))
    .pipe(SignInRules.shape.networks),
  version: z.coerce.number<string>().int().min(0).max(999_999_999),
  confirm: ticked,
  confirmNetwork: ticked,
  ...PreviewIntent.shape,
});
