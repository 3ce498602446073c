import { z } from "zod";
import { SignInRules } from "@/lib/organizations/sign-in-rules.schema";

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** Rules as a form sends them: a box that is not ticked is not sent at all. */
export const SignInRulesForm = SignInRules.extend({
  mfaRequired: ticked,
  adminMfaRequired: ticked,
  version: z.coerce.number<string>().int().min(0).max(999_999_999),
  confirm: ticked,
});
