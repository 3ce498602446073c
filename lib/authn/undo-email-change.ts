import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { consumeUndo, endLaterChanges, findUndoLink } from "@/lib/authn/email-change-store";
import { endAccess } from "@/lib/authn/end-access";
import { sendResetLink } from "@/lib/authn/reset-password";
import { forgetPasswordSince } from "@/lib/credentials/password/set-password";
import { forgetFactors } from "@/lib/credentials/registry";
import { forgetIdentitiesSince } from "@/lib/federation/list-identities";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { forgetOtherDevices } from "@/lib/sessions/known-device";
import type { RequestFacts } from "@/lib/shared/caller";
import { lockForMove, restoreAddress, type Violation } from "@/lib/users/email-address";
import { findUserIdentity } from "@/lib/users/user-identity";

export type UndoLinkState =
  | { state: "pending"; oldEmail: string }
  | { state: "used" | "expired" | "unknown" };

/** What an undo link is worth. Looking never uses it up: scanners look too. */
export async function inspectUndoLink(token: unknown): Promise<UndoLinkState> {
  const link = isSecret(token) ? await findUndoLink(hashSecret(token)) : null;
  if (link === null) return { state: "unknown" };
  return link.state === "pending"
    ? { state: "pending", oldEmail: link.oldEmail }
    : { state: link.state };
}

/**
 * Takes an account back to its former address, once, by whoever reads the mail
 * there and signed in or not. In one step the address is restored, every session
 * and trusted device ends, no browser is known but this one, what was on its way is void, what was added since the
 * change was asked for is gone, and a link to choose another password is mailed.
 * Changes made later are undone with it (F106). What nobody may hold together does not stop it: where that
 * comes of it, it is on record for those who manage duties (F98).
 */
export async function undoEmailChange(
  token: unknown,
  request: RequestFacts,
  deviceSecret?: string,
): Promise<{ outcome: "undone" } | { outcome: "rejected" }> {
  const link = isSecret(token) ? await findUndoLink(hashSecret(token)) : null;
  if (link === null) return { outcome: "rejected" };
  const resetSecret = newSecret();
  return inTransaction(async (tx) => {
    await lockForMove(link.userId, tx);
    const undone = await consumeUndo(link.id, tx);
    const user = undone && (await findUserIdentity(link.userId, tx));
    if (!user) return { outcome: "rejected" };
    await endLaterChanges(link.id, tx);
    const violations = await restoreAddress(user.id, link.oldEmail, tx);
    const actor = { type: "user", id: user.id } as const;
    const factors: string[] = await forgetFactors(user.id, tx, { since: undone.requestedAt });
    // The restored address would open the account to whoever chose this password.
    if (await forgetPasswordSince(user.id, undone.requestedAt, tx)) factors.push("password");
    if (await forgetIdentitiesSince(user.id, undone.requestedAt, tx)) factors.push("federation");
    await forgetOtherDevices(user.id, deviceSecret, tx);
    await endAccess(user.id, "email_change_undone", actor, request, tx);
    await recordEvent(
      {
        action: "user.email_change_undone",
        outcome: "success",
        actor,
        target: { type: "user", id: user.id },
        before: { email: user.email },
        after: { email: link.oldEmail, factors },
      },
      request,
      tx,
    );
    for (const violation of violations) await recordViolation(violation, user.id, request, tx);
    if (user.status === "active") await sendResetLink(user.id, link.oldEmail, resetSecret, tx);
    return { outcome: "undone" };
  });
}

/** Of the organization whose duties it is about: whoever manages them there finds it, and their report has it. */
async function recordViolation(
  { conflictId, organizationId }: Violation,
  userId: string,
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  await recordEvent(
    {
      action: "duty_conflict.violated",
      outcome: "success",
      reason: "email_change_undone",
      actor: { type: "user", id: userId, organizationId },
      target: { type: "duty_conflict", id: conflictId },
      after: { userId },
    },
    request,
    tx,
  );
}
