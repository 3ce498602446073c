import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { endAccess } from "@/lib/authn/end-access";
import { newDeviceMail } from "@/lib/authn/mails";
import { sendResetLink } from "@/lib/authn/reset-password";
import { consumeAlert, findAlert, insertAlert } from "@/lib/authn/sign-in-alert-store";
import { forgetFactors } from "@/lib/credentials/registry";
import { forgetIdentitiesSince } from "@/lib/federation/list-identities";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { forgetDeviceOf, forgetOtherDevices } from "@/lib/sessions/known-device";
import type { RequestFacts } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { describeUserAgent } from "@/lib/shared/user-agent";
import { findUserIdentity, lockUser } from "@/lib/users/user-identity";

/**
 * People read mail late, most of all the mail of an account that they seldom use.
 * But whoever reads the mailbox needs nothing else, so that it is a week and no more.
 */
const LINK_LIFETIME_SECONDS = days(7);

/** Tells a user by mail of a sign-in from a browser that never signed them in (F35). */
export async function alertOfNewDevice(
  user: { userId: string; email: string; sessionId: string },
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  const secret = newSecret();
  await insertAlert(
    {
      id: newId(),
      userId: user.userId,
      sessionId: user.sessionId,
      tokenHash: hashSecret(secret),
      lifetimeSeconds: LINK_LIFETIME_SECONDS,
    },
    tx,
  );
  const device = describeUserAgent(request.userAgent);
  await enqueueMail("new-device", user.email, newDeviceMail(device, request.ip, secret), tx, {
    asked: request.locale,
  });
}

export type AlertState =
  | { state: "pending"; email: string }
  | { state: "used" | "expired" | "unknown" };

/** What a "this was not me" link is worth. Looking at it ends nothing: scanners look too. */
export async function inspectAlert(token: unknown): Promise<AlertState> {
  const alert = isSecret(token) ? await findAlert(hashSecret(token)) : null;
  if (alert === null) return { state: "unknown" };
  if (alert.state !== "pending") return { state: alert.state };
  const user = await findUserIdentity(alert.userId);
  return user === null ? { state: "unknown" } : { state: "pending", email: user.email };
}

/**
 * Takes the account back, once, by whoever reads its mail and signed in or not:
 * every session ends, no device is trusted, none is known but the one that the link is
 * opened on, unless it is that of the sign-in, what was on its way is void, and a link to choose another password is mailed (F35).
 *
 * Factors added since are gone, but for those that were added or proven on a device
 * that had signed the user in for longer than such a link works: they are the owner's,
 * and a mailbox alone must not go round them (ATK-33). A younger device vouches for
 * nothing, because it may be the stranger's second one.
 */
export async function disownSignIn(
  token: unknown,
  request: RequestFacts,
  deviceSecret?: string,
): Promise<{ outcome: "disowned"; endedSessions: number } | { outcome: "rejected" }> {
  if (!isSecret(token)) return { outcome: "rejected" };
  const resetSecret = newSecret();
  return inTransaction(async (tx) => {
    const alert = await consumeAlert(hashSecret(token), tx);
    const user = alert && (await findUserIdentity(alert.userId, tx));
    if (!user) return { outcome: "rejected" };
    // A factor that is just being added is waited for, and goes with the others.
    await lockUser(user.id, tx);
    const actor = { type: "user", id: user.id } as const;
    if (alert.sessionId !== null) await forgetDeviceOf(alert.sessionId, tx);
    await forgetOtherDevices(user.id, deviceSecret, tx);
    // What was added since is the other's way back in, and would lock the owner out.
    const since = alert.signedInAt;
    const knownBefore = new Date(since.getTime() - LINK_LIFETIME_SECONDS * 1_000);
    const factors: string[] = await forgetFactors(user.id, tx, { since, knownBefore });
    if (await forgetIdentitiesSince(user.id, since, tx)) factors.push("federation");
    const endedSessions = await endAccess(user.id, "not_me", actor, request, tx);
    await recordEvent(
      {
        action: "user.sign_in_disowned",
        outcome: "success",
        actor,
        target: { type: "user", id: user.id },
        after: { sessionId: alert.sessionId, factors },
      },
      request,
      tx,
    );
    if (user.status === "active") await sendResetLink(user.id, user.email, resetSecret, tx);
    return { outcome: "disowned", endedSessions };
  });
}
