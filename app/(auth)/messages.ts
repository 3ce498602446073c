import "server-only";
import type { PasswordRefusal } from "@/lib/credentials/password/judge-password";
import type { IdentityRejection } from "@/lib/federation/sign-in-with-identity";
import type { FormState, WorkChallenge } from "@/lib/shared/form-state";

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

const WITHOUT_WORK = {
  "sign-in":
    "There were several wrong attempts. Before the next one counts, your browser does a short calculation, which needs JavaScript. Without it, have a code or a link mailed to you, use a browser that you have signed in with before, or try again tomorrow.",
  "sign-up":
    "Many accounts were asked for from your network. Before the next one, your browser does a short calculation, which needs JavaScript. Without it, try again in an hour.",
} as const;

/** The browser has to work before the attempt counts; what is said is for one that cannot. */
export const workFirst = (
  challenge: WorkChallenge,
  what: keyof typeof WITHOUT_WORK,
): FormState => ({ status: "challenge", challenge, message: WITHOUT_WORK[what] });

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
    "There is an account with this email address already. Sign in the way you did before, then connect the provider under Security.",
  "domain-not-allowed": "Accounts of this domain do not sign in here with that provider.",
  "email-unverified": "The provider has not verified your email address. Verify it there first.",
  "provider-off": "This way of signing in is not set up here any more.",
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
