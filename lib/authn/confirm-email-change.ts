import "server-only";
import { recordEvent, recordStandaloneEvent } from "@/lib/audit/record-event";
import { emailChangedMail } from "@/lib/authn/email-change-mails";
import {
  type ConfirmedSide,
  confirmSide,
  type EmailChangeLink,
  findEmailChangeLink,
} from "@/lib/authn/email-change-store";
import { discardRegistrations } from "@/lib/authn/registration-store";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { RequestFacts } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { endEmailChange, lockForMove, moveAddress } from "@/lib/users/email-address";
import { voidSignIns } from "@/lib/users/user-identity";

const UNDO_LIFETIME_SECONDS = days(7);

export type EmailChangeLinkState =
  | { state: "pending"; side: "old" | "new"; newEmail: string }
  /** The new address is confirmed from within a session of the account. */
  | { state: "elsewhere" }
  | { state: "used" | "expired" | "unknown" };

/** What a confirmation link is worth in this session. Looking never uses it up (ATK-37). */
export async function inspectEmailChangeLink(
  token: unknown,
  signedInAs: string | null,
): Promise<EmailChangeLinkState> {
  const link = isSecret(token) ? await findEmailChangeLink(hashSecret(token)) : null;
  if (link === null) return { state: "unknown" };
  if (link.state !== "pending") return { state: link.state };
  if (!mayConfirm(link, signedInAs)) return { state: "elsewhere" };
  return { state: "pending", side: link.side, newEmail: link.newEmail };
}

/**
 * Who reads the mail of the new address must also be who asked: else a stranger
 * could have the owner of an address put it on an account of the stranger's (ATK-15).
 */
const mayConfirm = (link: EmailChangeLink, signedInAs: string | null): boolean =>
  link.side === "old" || link.userId === signedInAs;

export type EmailChangeConfirmation =
  /** `waiting`: the other mailbox has not confirmed yet. */
  | { outcome: "waiting" | "changed" }
  | { outcome: "rejected"; reason: "elsewhere" | "spent" | MoveRefusal };

type MoveRefusal = Exclude<Awaited<ReturnType<typeof moveAddress>>, "moved">;

class Refused extends Error {
  constructor(readonly reason: MoveRefusal) {
    super(reason);
  }
}

/**
 * Confirms one side of a change, once; the second confirmation, whichever it
 * is, changes the address and mails the former one the way to undo it.
 */
export async function confirmEmailChange(
  token: unknown,
  signedInAs: string | null,
  request: RequestFacts,
): Promise<EmailChangeConfirmation> {
  const link = isSecret(token) ? await findEmailChangeLink(hashSecret(token)) : null;
  if (link?.state !== "pending") return { outcome: "rejected", reason: "spent" };
  if (!mayConfirm(link, signedInAs)) return { outcome: "rejected", reason: "elsewhere" };
  const undoSecret = newSecret();
  try {
    return await inTransaction(async (tx): Promise<EmailChangeConfirmation> => {
      await lockForMove(link.userId, tx);
      const confirmed = await confirmSide(
        hashSecret(String(token)),
        { tokenHash: hashSecret(undoSecret), lifetimeSeconds: UNDO_LIFETIME_SECONDS },
        tx,
      );
      if (confirmed === null) return { outcome: "rejected", reason: "spent" };
      await record("user.email_change_confirmed", link, { side: link.side }, request, tx);
      if (!confirmed.complete) return { outcome: "waiting" };
      await change(confirmed, undoSecret, link, request, tx);
      return { outcome: "changed" };
    });
  } catch (error) {
    if (!(error instanceof Refused) && !isUniqueViolation(error)) throw error;
    // Somebody got the address meanwhile, or the account is no longer what asked.
    const reason = error instanceof Refused ? error.reason : "address-taken";
    await inTransaction((tx) => endEmailChange(link.userId, tx));
    await recordStandaloneEvent(
      {
        action: "user.email_changed",
        outcome: "failure",
        actor: { type: "user", id: link.userId },
        target: { type: "user", id: link.userId },
        reason,
      },
      request,
    );
    return { outcome: "rejected", reason };
  }
}

async function change(
  { userId, oldEmail, newEmail }: ConfirmedSide,
  undoSecret: string,
  link: EmailChangeLink,
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  const moved = await moveAddress(userId, oldEmail, newEmail, tx);
  if (moved !== "moved") throw new Refused(moved);
  // A link that went to the former address must not open the account any more (ATK-37).
  await voidSignIns(userId, tx);
  await discardRegistrations(newEmail, tx);
  await enqueueMail("email-changed", oldEmail, emailChangedMail(newEmail, undoSecret), tx);
  await record("user.email_changed", link, { email: newEmail }, request, tx, { email: oldEmail });
}

const record = (
  action: string,
  { userId }: EmailChangeLink,
  after: Record<string, string>,
  request: RequestFacts,
  tx: Db,
  before?: Record<string, string>,
): Promise<unknown> =>
  recordEvent(
    {
      action,
      outcome: "success",
      actor: { type: "user", id: userId },
      target: { type: "user", id: userId },
      ...(before && { before }),
      after,
    },
    request,
    tx,
  );
