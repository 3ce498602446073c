import "server-only";
import { continueSignIn, findDeviceOf, nextOf } from "@/lib/authn/sign-in-flow";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import type { IdentityProof } from "@/lib/federation/sign-in-with-identity";
import { keepUpstreamSession, type UpstreamToken } from "@/lib/federation/upstream-sign-out";
import type { Proof } from "@/lib/shared/factor";
import { findUserIdentity } from "@/lib/users/user-identity";

/** What an identity provider's word is worth: one factor that we know nothing of. What is unusual, it judges. */
const PROOFS: Proof[] = ["federation"];

async function nextAfterIdentity({ userId }: IdentityProof, deviceSecret: string | undefined) {
  const user = await findUserIdentity(userId);
  if (user === null) return null;
  const { email } = user;
  const progress = { purpose: "sign_in", email, userId, proofs: PROOFS } as const;
  return { email, next: await nextOf(progress, await findDeviceOf(userId, deviceSecret)) };
}

/**
 * The secret of a flow when a provider's word is not enough for this user, and
 * null when it is: signing in elsewhere goes round no second factor (ATK-33). Null
 * as well where the identity's sign-ins have been voided since it was looked up;
 * then there is no ticket for it either (INV-2).
 */
export async function continueWithIdentity(
  proof: IdentityProof,
  deviceSecret: string | undefined,
  returnTo: string,
  token: UpstreamToken | null = null,
): Promise<string | null> {
  const found = await nextAfterIdentity(proof, deviceSecret);
  if (found === null || found.next.step === "finished") return null;
  const upstreamId = token && (await keepUpstreamSession(token));
  const user = { id: proof.userId, email: found.email, epoch: proof.epoch };
  return continueSignIn(user, PROOFS, [], returnTo, upstreamId);
}

/**
 * A ticket for whom a provider vouches. Null when more is asked of them, and where
 * their sign-ins have been voided since the identity was looked up (INV-2).
 */
export async function ticketOfIdentity(
  proof: IdentityProof,
  deviceSecret: string | undefined,
  token: UpstreamToken | null = null,
): Promise<string | null> {
  const found = await nextAfterIdentity(proof, deviceSecret);
  if (found?.next.step !== "finished") return null;
  const upstreamId = token && (await keepUpstreamSession(token));
  const { acr, amr } = found.next;
  return issueSignInTicket({ ...proof, acr, amr, upstreamId });
}
