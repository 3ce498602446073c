import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import {
  consumeRegistration,
  discardRegistrations,
  findRegistrationByToken,
  type PendingRegistration,
} from "@/lib/authn/registration-store";
import { refundAttempts, spendAttempt } from "@/lib/authn/sign-in-budget";
import { verifyPassword } from "@/lib/credentials/password/hash-password";
import { setPasswordHash } from "@/lib/credentials/password/set-password";
import { joinByDomain } from "@/lib/domains/join-by-domain";
import { isInvited } from "@/lib/invitations/accept-invitation";
import { getConfig } from "@/lib/platform/config";
import { equalBytes, hashSecret, isSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import { createUser } from "@/lib/users/create-user";

export type LinkState =
  /** `password` when another browser than the one that signed up opened the link. */
  | { state: "pending"; email: string; proof: "browser" | "password" }
  | { state: "used" | "expired" | "unknown" };

/** What a confirmation link is worth now. Looking never uses it up (F1, ATK-37). */
export async function inspectRegistrationLink(
  token: unknown,
  browserSecret: string | undefined,
): Promise<LinkState> {
  const registration = isSecret(token) ? await findRegistrationByToken(hashSecret(token)) : null;
  if (registration === null) return { state: "unknown" };
  if (registration.state !== "pending") return { state: registration.state };
  const proof = isSameBrowser(registration, browserSecret) ? "browser" : "password";
  return { state: "pending", email: registration.email, proof };
}

function isSameBrowser(
  { browserHash }: PendingRegistration,
  browserSecret: string | undefined,
): boolean {
  return (
    browserHash !== null &&
    isSecret(browserSecret) &&
    equalBytes(browserHash, hashSecret(browserSecret))
  );
}

export type ConfirmationResult =
  | { outcome: "confirmed"; email: string }
  | {
      outcome: "rejected";
      reason: "wrong-password" | "used" | "expired" | "unknown";
    }
  | { outcome: "limited"; retryAfterSeconds: number };

/**
 * Makes a sign-up a user, at most once for each address.
 *
 * The link proves the mailbox; the browser's cookie, or else the password that
 * was chosen, proves that the same person signed up. Without the second, who
 * signs up a stranger's address would get an account that the stranger
 * confirmed (ATK-15).
 */
export async function confirmRegistration(
  token: unknown,
  proof: { browserSecret: string | undefined; password: string | undefined },
  request: RequestFacts,
): Promise<ConfirmationResult> {
  const registration = isSecret(token) ? await findRegistrationByToken(hashSecret(token)) : null;
  if (registration === null) return { outcome: "rejected", reason: "unknown" };
  if (registration.state !== "pending") return { outcome: "rejected", reason: registration.state };

  if (!isSameBrowser(registration, proof.browserSecret)) {
    if (proof.password === undefined) return { outcome: "rejected", reason: "wrong-password" };
    const attempt = {
      email: registration.email,
      ip: request.ip,
      deviceId: null,
    };
    const budget = await spendAttempt(attempt);
    if (!budget.allowed)
      return {
        outcome: "limited",
        retryAfterSeconds: budget.retryAfterSeconds,
      };
    const { matches } = await verifyPassword(registration.passwordHash, proof.password);
    if (!matches) return { outcome: "rejected", reason: "wrong-password" };
    await refundAttempts(attempt);
  }

  // Where only invited people sign up, one whose invitation was taken back meanwhile does not.
  if (getConfig().signUp === "invite" && !(await isInvited(registration.email))) {
    return { outcome: "rejected", reason: "expired" };
  }
  const userId = newId();
  return inTransaction(async (tx): Promise<ConfirmationResult> => {
    if (!(await consumeRegistration(registration.id, tx))) {
      return { outcome: "rejected", reason: "used" };
    }
    const created = await createUser(
      {
        id: userId,
        email: registration.email,
        name: registration.name,
        status: "active",
        emailVerified: new Date(),
        roles: "default",
      },
      { type: "user", id: userId },
      request,
      tx,
    );
    // Another link or a federated sign-in was faster: the address has its user.
    if (!created) return { outcome: "rejected", reason: "used" };
    await discardRegistrations(registration.email, tx);
    await joinByDomain({ userId, email: registration.email }, request, tx);
    const actor = { type: "user", id: userId } as const;
    await setPasswordHash(userId, registration.passwordHash, actor, request, tx);
    await recordEvent(
      {
        action: "user.email_verified",
        outcome: "success",
        actor,
        target: { type: "user", id: userId },
      },
      request,
      tx,
    );
    return { outcome: "confirmed", email: registration.email };
  });
}
