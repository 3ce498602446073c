import "server-only";
import type { PasswordRefusal } from "@/lib/credentials/password/judge-password";
import type { IdentityRejection } from "@/lib/federation/sign-in-with-identity";
import type { FormState } from "@/lib/shared/form-state";

/** "in 30 seconds", "in 5 minutes": what people are told to wait. */
export function waitingTime(retryAfterSeconds: number): string {
  if (retryAfterSeconds < 60) return `${retryAfterSeconds} seconds`;
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}

export const tooMany = (retryAfterSeconds: number): FormState => ({
  status: "error",
  message: `Too many attempts. Try again in ${waitingTime(retryAfterSeconds)}.`,
});

const PASSWORD_REFUSALS: Record<PasswordRefusal | "reused", string> = {
  common: "This password is on lists that attackers try first. A few unrelated words work well.",
  reused: "You have had this password before. Choose one that you have not used here.",
  personal: "This password is too close to your name, your address or this site. Choose another.",
};

export const passwordRefused = (
  reason: PasswordRefusal | "reused",
  field = "password",
): FormState => ({
  status: "error",
  fieldErrors: { [field]: [PASSWORD_REFUSALS[reason]] },
});

const FEDERATION_PROBLEMS: Record<IdentityRejection, string> = {
  "account-exists":
    "There is an account with this email address already. Sign in the way you did before.",
  "email-unverified": "The provider has not verified your email address. Verify it there first.",
  "sign-up-closed": "This site does not take new accounts. Ask an administrator to invite you.",
  "user-disabled": "This account cannot sign in. Ask an administrator.",
};

/** What the sign-in page says of a federated sign-in that came back without success. */
export function federationProblem(reason: unknown): string | null {
  if (typeof reason !== "string") return null;
  return Object.hasOwn(FEDERATION_PROBLEMS, reason)
    ? FEDERATION_PROBLEMS[reason as IdentityRejection]
    : "Signing in with the provider did not work. Try again, or use another way.";
}
