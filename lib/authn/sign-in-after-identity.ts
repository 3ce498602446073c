import "server-only";
import { continueSignIn, findDeviceOf, nextOf } from "@/lib/authn/sign-in-flow";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { keepUpstreamSession, type UpstreamToken } from "@/lib/federation/upstream-sign-out";
import type { Proof } from "@/lib/shared/factor";
import { findUserIdentity } from "@/lib/users/user-identity";

/** What an identity provider's word is worth: one factor that we know nothing of. What is unusual, it judges. */
const PROOFS: Proof[] = ["federation"];

async function nextAfterIdentity(userId: string, deviceSecret: string | undefined) {
  const user = await findUserIdentity(userId);
  if (user === null) return null;
  const { email } = user;
  const progress = { purpose: "sign_in", email, userId, proofs: PROOFS } as const;
  return { email, next: await nextOf(progress, await findDeviceOf(userId, deviceSecret)) };
}

/**
 * The secret of a flow when a provider's word is not enough for this user, and
 * null when it is: signing in elsewhere goes round no second factor (ATK-33).
 */
export async function continueWithIdentity(
  userId: string,
  deviceSecret: string | undefined,
  returnTo: string,
  token: UpstreamToken | null = null,
): Promise<string | null> {
  const found = await nextAfterIdentity(userId, deviceSecret);
  if (found === null || found.next.step === "finished") return null;
  const upstreamId = token && (await keepUpstreamSession(token));
  return continueSignIn({ id: userId, email: found.email }, PROOFS, [], returnTo, upstreamId);
}

/** A ticket for whom a provider vouches, or null when more is asked of them. */
export async function ticketOfIdentity(
  userId: string,
  deviceSecret: string | undefined,
  token: UpstreamToken | null = null,
): Promise<string | null> {
  const found = await nextAfterIdentity(userId, deviceSecret);
  if (found?.next.step !== "finished") return null;
  const upstreamId = token && (await keepUpstreamSession(token));
  return issueSignInTicket({ userId, acr: found.next.acr, amr: found.next.amr, upstreamId });
}
