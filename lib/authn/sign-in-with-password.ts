import "server-only";
import { judgeFactor } from "@/lib/authn/judge-factor";
import { findPendingRegistration } from "@/lib/authn/registration-store";
import { continueSignIn, findDeviceOf, nextOf } from "@/lib/authn/sign-in-flow";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { verifyPassword } from "@/lib/credentials/password/hash-password";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import { HOME_PATH } from "@/lib/shared/return-to";
import { findSignInUser } from "@/lib/users/sign-in-record";

export type SignInResult =
  | { outcome: "authenticated"; ticket: string }
  /** The password is right and not enough; the secret is for the cookie of the flow. */
  | { outcome: "continue"; flowSecret: string }
  | { outcome: "rejected"; reason: "invalid-credentials" }
  /** The password is that of a sign-up, which anybody may start for any address, taken or not. */
  | { outcome: "rejected"; reason: "email-unverified"; email: string }
  | { outcome: "locked"; retryAfterSeconds: number };

/**
 * The two first steps of a flow at once: an address and its password. Where
 * that is all that is asked for, the answer is a single-use sign-in ticket.
 *
 * Unknown address, wrong password, disabled user and invited user without a
 * password are one answer at one cost: one hash is verified on every path, and
 * one more while a sign-up for the address is pending (ATK-38).
 */
export async function signInWithPassword(
  email: string,
  password: string,
  deviceSecret: string | undefined,
  request: RequestFacts,
  returnTo: string = HOME_PATH,
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
    },
    request,
  );
  if (judgement.outcome === "locked") return judgement;
  // Read on every path. Nothing is refunded: a stranger's sign-up must not make the budget whole.
  const signsUp = await isPendingSignUp(email, password);
  if (judgement.outcome === "rejected") {
    return signsUp
      ? { outcome: "rejected", reason: "email-unverified", email }
      : { outcome: "rejected", reason: "invalid-credentials" };
  }
  const next = await nextOf(
    { purpose: "sign_in", email, userId: judgement.userId, proofs: [judgement.proof] },
    deviceId,
  );
  if (next.step !== "finished") {
    const known = { id: judgement.userId, email: judgement.email };
    const flowSecret = await continueSignIn(known, [judgement.proof], returnTo);
    return { outcome: "continue", flowSecret };
  }
  const { acr, amr } = next;
  const ticket = await issueSignInTicket({ userId: judgement.userId, acr, amr });
  return { outcome: "authenticated", ticket };
}

async function isPendingSignUp(email: string, password: string): Promise<boolean> {
  const registration = await findPendingRegistration(email);
  return (
    registration !== null && (await verifyPassword(registration.passwordHash, password)).matches
  );
}
