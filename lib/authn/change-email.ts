import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { EMAIL_CHANGES, REQUESTS_PER_SOURCE } from "@/lib/authn/attempt-limits";
import {
  confirmNewAddressMail,
  confirmOldAddressMail,
  newAddressTakenMail,
} from "@/lib/authn/email-change-mails";
import {
  findPendingEmailChange,
  insertEmailChange,
  type PendingEmailChange,
} from "@/lib/authn/email-change-store";
import { spendMail } from "@/lib/authn/mail-budget";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { networkOf } from "@/lib/platform/http/client-address";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { holdSession } from "@/lib/sessions/hold-session";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { endEmailChange, isAddressFree } from "@/lib/users/email-address";
import { lockUser } from "@/lib/users/user-identity";

const LINK_LIFETIME_SECONDS = days(1);

export type EmailChangeRequest =
  /** Said alike for addresses that are free and that somebody has (ATK-38). */
  | { outcome: "requested" }
  | { outcome: "rejected"; reason: "same-address" }
  | { outcome: "limited"; retryAfterSeconds: number };

/**
 * Asks for another address of the caller's own. Nothing changes before both
 * mailboxes have confirmed; an earlier request that waits is replaced. Where
 * somebody has the address, the request waits as any other, its mailbox is told
 * why, and nobody gets the link that would complete it (F106).
 */
export async function requestEmailChange(
  caller: Caller,
  newEmail: string,
): Promise<EmailChangeRequest> {
  const { userId, email } = caller.principal;
  requireAssurance(caller.principal, SENSITIVE);
  if (newEmail === email) return { outcome: "rejected", reason: "same-address" };
  const source = await spend(REQUESTS_PER_SOURCE, networkOf(caller.request.ip));
  if (!source.allowed) return { outcome: "limited", retryAfterSeconds: source.retryAfterSeconds };
  const own = await spend(EMAIL_CHANGES, userId);
  if (!own.allowed) return { outcome: "limited", retryAfterSeconds: own.retryAfterSeconds };
  const recipient = await spendMail(newEmail, null);
  const [oldSecret, newAddressSecret] = [newSecret(), newSecret()];
  return inTransaction(async (tx): Promise<EmailChangeRequest> => {
    await lockUser(userId, tx);
    // The next page that it asks for is the one for signing in.
    if (!(await holdSession(caller, tx))) return { outcome: "requested" };
    await endEmailChange(userId, tx);
    await insertEmailChange(
      {
        id: newId(),
        userId,
        oldEmail: email,
        newEmail,
        oldTokenHash: hashSecret(oldSecret),
        newTokenHash: hashSecret(newAddressSecret),
        lifetimeSeconds: LINK_LIFETIME_SECONDS,
      },
      tx,
    );
    await recordChange(
      caller,
      {
        action: "user.email_change_requested",
        target: { type: "user", id: userId },
        before: { email },
        after: { email: newEmail },
      },
      tx,
    );
    const toOld = confirmOldAddressMail(newEmail, oldSecret);
    await enqueueMail("email-change-old", email, toOld, tx, { asked: caller.request.locale });
    // Past the limit the answer stays the same and the mail is not sent (F120).
    if (!recipient.allowed) return { outcome: "requested" };
    const toNew = (await isAddressFree(newEmail, userId, tx))
      ? confirmNewAddressMail(newAddressSecret)
      : newAddressTakenMail();
    const terms = {
      lifetimeSeconds: LINK_LIFETIME_SECONDS,
      asked: caller.principal.locale ?? caller.request.locale,
    };
    await enqueueMail("email-change-new", newEmail, toNew, tx, terms);
    return { outcome: "requested" };
  });
}

/** The caller's own request that waits for its confirmations. */
export const findOwnEmailChange = (caller: Caller): Promise<PendingEmailChange | null> =>
  findPendingEmailChange(caller.principal.userId);

/** Ends the caller's own request; false when none waits any more. */
export function cancelEmailChange(caller: Caller): Promise<boolean> {
  const { userId } = caller.principal;
  return inTransaction(async (tx) => {
    if (!(await endEmailChange(userId, tx))) return false;
    await recordChange(
      caller,
      { action: "user.email_change_cancelled", target: { type: "user", id: userId } },
      tx,
    );
    return true;
  });
}
