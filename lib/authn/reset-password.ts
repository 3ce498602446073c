import "server-only";
import { recordEvent, recordStandaloneEvent } from "@/lib/audit/record-event";
import { REQUESTS_PER_SOURCE } from "@/lib/authn/attempt-limits";
import { endAccess } from "@/lib/authn/end-access";
import { spendMail } from "@/lib/authn/mail-budget";
import { noAccountMail, passwordChangedMail, resetPasswordMail } from "@/lib/authn/mails";
import { contextWords } from "@/lib/authn/register";
import { openLock } from "@/lib/authn/sign-in-budget";
import { findDeviceOf } from "@/lib/authn/sign-in-flow";
import { consumeToken, findToken, replaceToken } from "@/lib/authn/verification-token-store";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { judgePassword, type PasswordRefusal } from "@/lib/credentials/password/judge-password";
import { isRememberedPassword } from "@/lib/credentials/password/password-history";
import { setPasswordHash } from "@/lib/credentials/password/set-password";
import { joinByDomain } from "@/lib/domains/join-by-domain";
import { findSignInRules } from "@/lib/organizations/sign-in-rules";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { networkOf } from "@/lib/platform/http/client-address";
import { newId } from "@/lib/platform/id";
import { askedBy, enqueueMail, type MailTerms } from "@/lib/platform/mail/enqueue-mail";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { forgetOtherDevices } from "@/lib/sessions/known-device";
import type { RequestFacts } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";
import { hasAddress } from "@/lib/users/email-address";
import { findSignInUser } from "@/lib/users/sign-in-record";
import {
  activateInvited,
  findHomeOrganization,
  findUserIdentity,
  lockUser,
} from "@/lib/users/user-identity";

/** F2: at most one hour. */
const LINK_LIFETIME_SECONDS = hours(1);

/**
 * Mails a reset link. The answer is the same for every address, and so is the
 * work: one mail is queued either way, and delivery happens later (ATK-38).
 */
export async function requestPasswordReset(
  email: string,
  request: RequestFacts,
  deviceSecret?: string,
): Promise<{ outcome: "accepted" } | { outcome: "limited"; retryAfterSeconds: number }> {
  const source = await spend(REQUESTS_PER_SOURCE, networkOf(request.ip));
  if (!source.allowed) return { outcome: "limited", retryAfterSeconds: source.retryAfterSeconds };
  const user = await findSignInUser(email);
  const deviceId = await findDeviceOf(user?.id ?? null, deviceSecret);
  const recipient = await spendMail(email, deviceId);
  const resettable = user !== null && user.status !== "disabled";
  const secret = newSecret();
  await inTransaction(async (tx) => {
    await recordEvent(
      {
        action: "user.password_reset_requested",
        outcome: "success",
        actor: { type: "anonymous" },
        target: user === null ? undefined : { type: "user", id: user.id },
      },
      request,
      tx,
    );
    if (!recipient.allowed) return;
    // Looked up before: the address may be another's by now, or nobody's.
    if (resettable && (await hasAddress(user.id, email, tx)))
      await sendResetLink(user.id, email, secret, tx, askedBy(request));
    else await enqueueMail("no-account", email, noAccountMail(), tx, askedBy(request));
  });
  return { outcome: "accepted" };
}

/** Mails a link by which a user chooses another password; earlier links stop working. */
export async function sendResetLink(
  userId: string,
  email: string,
  secret: string,
  tx: Db,
  asked: Pick<MailTerms, "asked" | "sender"> = {},
): Promise<void> {
  const tokenHash = hashSecret(secret);
  await replaceToken(newId(), userId, "password_reset", tokenHash, LINK_LIFETIME_SECONDS, tx);
  const terms = { lifetimeSeconds: LINK_LIFETIME_SECONDS, ...asked };
  await enqueueMail("reset-password", email, resetPasswordMail(secret), tx, terms);
}

export type ResetLinkState =
  | {
      state: "pending";
      userId: string;
      email: string;
      purpose: "password_reset" | "invitation";
    }
  /** `replaced` by a newer one, before it was used. */
  | { state: "used" | "replaced" | "expired" | "unknown" };

/** What a reset or invitation link is worth now. Looking never uses it up (ATK-37). */
export async function inspectResetLink(token: unknown): Promise<ResetLinkState> {
  const found = isSecret(token) ? await findToken(hashSecret(token)) : null;
  if (found === null) return { state: "unknown" };
  if (found.state !== "pending") return { state: found.state };
  const user = await findUserIdentity(found.userId);
  return user === null || user.status === "disabled"
    ? { state: "unknown" }
    : { state: "pending", userId: user.id, email: user.email, purpose: found.purpose };
}

export type ResetResult =
  /** `first` for whoever had no password before. */
  | { outcome: "changed"; email: string; first: boolean }
  | {
      outcome: "rejected";
      reason: PasswordRefusal | "reused" | "used" | "replaced" | "expired" | "unknown";
    };

/**
 * Sets the password that a mailed link entitles to, once, and ends every
 * session of the user (F2). Browsers but this one are strangers again. It signs nobody in. Mail reached the address, so an
 * invited user becomes active and the address counts as verified.
 */
export async function resetPassword(
  token: unknown,
  password: string,
  request: RequestFacts,
  deviceSecret?: string,
): Promise<ResetResult> {
  const link = await inspectResetLink(token);
  if (link.state !== "pending" || !isSecret(token)) {
    return {
      outcome: "rejected",
      reason: link.state === "pending" ? "unknown" : link.state,
    };
  }
  const refusal = judgePassword(password, contextWords(link.email, null));
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const { passwordHistory } = await findSignInRules(await findHomeOrganization(link.userId));
  if (await isRememberedPassword(link.userId, password, passwordHistory)) {
    return { outcome: "rejected", reason: "reused" };
  }
  const hash = await hashPassword(password);
  const changed = await inTransaction(async (tx) => {
    const consumed = await consumeToken(hashSecret(token), tx);
    if (consumed === null) return null;
    await lockUser(consumed.userId, tx);
    const actor = { type: "user", id: consumed.userId } as const;
    if (!(await activateInvited(consumed.userId, tx))) return null;
    // An invitation went to the address, and who accepts it reads it.
    if (consumed.purpose === "invitation") {
      await joinByDomain({ userId: consumed.userId, email: link.email }, request, tx);
    }
    const first = await setPasswordHash(consumed.userId, hash, actor, request, tx);
    await endAccess(consumed.userId, "password_reset", actor, request, tx);
    await forgetOtherDevices(consumed.userId, deviceSecret, tx);
    // Whoever accepts an invitation has had no password that could have been changed.
    if (consumed.purpose !== "invitation")
      await enqueueMail("password-changed", link.email, passwordChangedMail(), tx);
    return { first };
  });
  if (changed === null) {
    await recordStandaloneEvent(
      {
        action: "user.password_changed",
        outcome: "failure",
        actor: { type: "anonymous" },
        reason: "link-used",
      },
      request,
    );
    return { outcome: "rejected", reason: "used" };
  }
  await openLock(link.email);
  return { outcome: "changed", email: link.email, first: changed.first };
}
