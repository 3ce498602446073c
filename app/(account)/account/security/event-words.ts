import type { SecurityEvent } from "@/lib/audit-log/own-security-events";
import type { FactorKind } from "@/lib/shared/factor";

const FACTORS: Record<FactorKind | "federation", string> = {
  passkey: "A passkey",
  password: "A password",
  "email-code": "Sign-in by email",
  totp: "An authenticator app",
  "sms-code": "A phone number",
  "recovery-code": "A set of recovery codes",
  federation: "A connected account",
};

const factorOf = ({ factor }: SecurityEvent): string =>
  factor !== null && Object.hasOwn(FACTORS, factor)
    ? FACTORS[factor as FactorKind]
    : "A way to sign in";

/** What happened, as its owner would say it. What is not among these stays unsaid to them. */
const WORDS: Record<SecurityEvent["action"], string | ((event: SecurityEvent) => string)> = {
  "session.created": "You signed in",
  "session.rejected": "A sign-in was refused",
  "session.raised": "You confirmed that it was you",
  "session.resumed": "You switched to this account",
  "session.organization_switched": "You switched to another organization",
  "invitation.accepted": "You accepted an invitation into an organization",
  "membership.left": "You left an organization",
  "session.revoked": "A session was ended",
  "factor.added": (event) => `${factorOf(event)} was added`,
  "factor.replaced": (event) => `${factorOf(event)} was replaced`,
  "factor.removed": (event) => `${factorOf(event)} was removed`,
  "factor.renamed": (event) => `${factorOf(event)} got another name`,
  "identity.linked": "An account was connected",
  "user.password_set": "A first password was chosen",
  "user.password_changed": "The password was changed",
  "user.password_reset_requested": "A new password was asked for",
  "user.email_change_requested": "Another email address was asked for",
  "user.email_change_cancelled": "The change of email address was called off",
  "user.email_changed": "The email address was changed",
  "user.email_change_undone": "The former email address was taken back",
  "user.sign_in_disowned": "You said that a sign-in was not you",
  "user.factors_reset": "An administrator removed your second factors",
  "recovery_code.used": "A recovery code was used",
  "passkey.counter_fell": "A passkey was refused, as it may have been copied",
  "device.distrusted": "A device is no longer trusted",
  "personal_token.created": "A personal access token was made",
  "personal_token.revoked": "A personal access token was revoked",
};

export function wordsFor(event: SecurityEvent): string {
  const words = WORDS[event.action];
  return typeof words === "string" ? words : words(event);
}
