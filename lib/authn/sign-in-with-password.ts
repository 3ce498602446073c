import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { recordAnonymousRefusal } from "@/lib/audit/record-refusal";
import { LOCKED_ATTEMPTS } from "@/lib/authn/attempt-limits";
import { findPendingRegistration } from "@/lib/authn/registration-store";
import { type Attempt, refundAttempts, spendAttempt } from "@/lib/authn/sign-in-budget";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { checkPassword } from "@/lib/credentials/password/check-password";
import { verifyPassword } from "@/lib/credentials/password/hash-password";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import { findKnownDevice } from "@/lib/sessions/known-device";
import type { RequestFacts } from "@/lib/shared/caller";
import { findSignInUser } from "@/lib/users/sign-in-record";

export type SignInResult =
  | { outcome: "authenticated"; ticket: string }
  | { outcome: "rejected"; reason: "invalid-credentials" }
  /** The password is that of a sign-up, which anybody may start for any address, taken or not. */
  | { outcome: "rejected"; reason: "email-unverified"; email: string }
  | { outcome: "locked"; retryAfterSeconds: number };

/** Password alone: NIST SP 800-63B-4 AAL1; `pwd` of RFC 8176. */
const PASSWORD_ASSURANCE = { acr: "urn:gatehouse:aal1", amr: ["pwd"] };

/**
 * Exchanges an address and a password for a single-use sign-in ticket.
 *
 * Unknown address, wrong password, disabled user and invited user without a
 * password are one answer at one cost: one hash is verified on every path, and
 * one more while a sign-up for the address is pending (ATK-38). The attempt is paid for first, so that no number of parallel
 * guesses exceeds the budget (ATK-34).
 */
export async function signInWithPassword(
  email: string,
  password: string,
  deviceSecret: string | undefined,
  request: RequestFacts,
): Promise<SignInResult> {
  const user = await findSignInUser(email);
  const deviceId =
    user && isSecret(deviceSecret)
      ? await findKnownDevice(user.id, hashSecret(deviceSecret))
      : null;
  const attempt: Attempt = { email, ip: request.ip, deviceId };
  const budget = await spendAttempt(attempt);
  if (!budget.allowed) {
    await recordAnonymousRefusal(LOCKED_ATTEMPTS, rejectionOf(user?.id, "locked"), request);
    return { outcome: "locked", retryAfterSeconds: budget.retryAfterSeconds };
  }

  const registration = await findPendingRegistration(email);
  const signsUp =
    registration !== null && (await verifyPassword(registration.passwordHash, password)).matches;
  const matches = await checkPassword(user?.id ?? null, password);
  if (user === null || !matches || user.status !== "active") {
    // Nothing is refunded: a stranger's sign-up must not make the owner's budget whole.
    return signsUp
      ? { outcome: "rejected", reason: "email-unverified", email }
      : reject(user?.id, request);
  }
  await refundAttempts(attempt);
  return {
    outcome: "authenticated",
    ticket: await issueSignInTicket({ userId: user.id, ...PASSWORD_ASSURANCE }),
  };
}

async function reject(userId: string | undefined, request: RequestFacts): Promise<SignInResult> {
  // Each was paid for from its source's budget, which is the bound of these events.
  const event = rejectionOf(userId, "invalid-credentials");
  await recordStandaloneEvent(
    { ...event, outcome: "failure", actor: { type: "anonymous" } },
    request,
  );
  return { outcome: "rejected", reason: "invalid-credentials" };
}

const rejectionOf = (userId: string | undefined, reason: string) => ({
  action: "session.rejected",
  target: userId === undefined ? undefined : { type: "user", id: userId },
  reason,
});
