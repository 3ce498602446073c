import "server-only";
import { findRisk } from "@/lib/authn/find-risk";
import { judgeFactor } from "@/lib/authn/judge-factor";
import { recordVoidedSignIn } from "@/lib/authn/record-voided-sign-in";
import { findPendingRegistration } from "@/lib/authn/registration-store";
import { forgetFailures } from "@/lib/authn/sign-in-budget";
import { continueSignIn, findDeviceOf, nextOf } from "@/lib/authn/sign-in-flow";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { verifyPassword } from "@/lib/credentials/password/hash-password";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import type { WorkChallenge } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";
import { findSignInUser } from "@/lib/users/sign-in-record";

export type SignInResult =
  | { outcome: "authenticated"; ticket: string }
  /** The password is right and not enough; the secret is for the cookie of the flow. */
  | { outcome: "continue"; flowSecret: string }
  | { outcome: "rejected"; reason: "invalid-credentials" }
  /** The password is that of a sign-up, which anybody may start for any address, taken or not. */
  | { outcome: "rejected"; reason: "email-unverified"; email: string }
  | { outcome: "locked"; retryAfterSeconds: number }
  | { outcome: "challenge-required"; challenge: WorkChallenge };

/**
 * The two first steps of a flow at once: an address and its password. Where
 * that is all that is asked for, the answer is a single-use sign-in ticket.
 *
 * Unknown address, wrong password, disabled user and invited user without a
 * password are one answer at one cost: one hash is verified on every path, and
 * one more while a sign-up for the address is pending (ATK-38). A password that is
 * replaced while it is verified is a wrong one (INV-2).
 */
export async function signInWithPassword(
  email: string,
  password: string,
  deviceSecret: string | undefined,
  request: RequestFacts,
  { returnTo = HOME_PATH, proof }: { returnTo?: string; proof?: string | undefined } = {},
): Promise<SignInResult> {
  const user = await findSignInUser(email);
  const userId = user?.id ?? null;
  const deviceId = await findDeviceOf(userId, deviceSecret);
  const judgement = await judgeFactor(
    {
      flowId: newId(),
      userId,
      email,
      kind: "password",
      answer: { password },
      place: "first",
      deviceId,
      proof,
    },
    request,
  );
  if (judgement.outcome === "locked" || judgement.outcome === "challenge-required") {
    return judgement;
  }
  // Read on every path. Nothing is refunded: a stranger's sign-up must not make the budget whole.
  const signsUp = await isPendingSignUp(email, password);
  if (judgement.outcome === "rejected" || user === null) {
    return signsUp
      ? { outcome: "rejected", reason: "email-unverified", email }
      : { outcome: "rejected", reason: "invalid-credentials" };
  }
  const known = { id: judgement.userId, email: judgement.email };
  const riskReasons = await findRisk(known, deviceId, request);
  const proofs = [judgement.proof];
  const next = await nextOf(
    { purpose: "sign_in", email, userId: known.id, proofs, riskReasons },
    deviceId,
  );
  const { epoch } = user;
  if (next.step !== "finished") {
    const flowSecret = await continueSignIn({ ...known, epoch }, proofs, riskReasons, returnTo);
    return flowSecret === null
      ? rejectVoided(known.id, request)
      : { outcome: "continue", flowSecret };
  }
  const { acr, amr } = next;
  const ticket = await issueSignInTicket({ userId: known.id, epoch, acr, amr });
  if (ticket === null) return rejectVoided(known.id, request);
  await forgetFailures(known);
  return { outcome: "authenticated", ticket };
}

async function rejectVoided(userId: string, request: RequestFacts): Promise<SignInResult> {
  await recordVoidedSignIn(userId, "password: voided", request);
  return { outcome: "rejected", reason: "invalid-credentials" };
}

async function isPendingSignUp(email: string, password: string): Promise<boolean> {
  const registration = await findPendingRegistration(email);
  return (
    registration !== null && (await verifyPassword(registration.passwordHash, password)).matches
  );
}
