import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { sendInvitation } from "@/lib/authn/invite-user";
import { spendMail } from "@/lib/authn/mail-budget";
import { sendResetLink } from "@/lib/authn/reset-password";
import { newSecret } from "@/lib/platform/crypto";
import type { Caller } from "@/lib/shared/caller";
import { manageAccount } from "@/lib/users/govern-user";

/** What a link can do for the user; nothing while an administrator has disabled them. */
const KIND = { active: "reset", pending: "invitation", disabled: null } as const;

/**
 * Mails the user a link to choose a password: a reset link, or once more the
 * invitation of somebody who has not accepted it. Whoever asks never sees the
 * link, and must not be below the user (ATK-42).
 */
export async function sendSignInLink(caller: Caller, userId: string) {
  // Asked before anything is spent: who may not send a link uses up nothing.
  const known = await manageAccount(caller, userId, async (user) => ({
    outcome: "known" as const,
    user,
  }));
  if (known.outcome !== "known") return known;
  // Apart from what strangers ask for, who must not keep an administrator's links away.
  const recipient = await spendMail(known.user.email, `administrator ${known.user.email}`);
  if (!recipient.allowed) {
    const { retryAfterSeconds } = recipient;
    return { outcome: "limited", retryAfterSeconds } as const;
  }
  return manageAccount(caller, userId, async (user, actor, tx) => {
    const kind = KIND[user.status];
    if (kind === null) return { outcome: "rejected", reason: "disabled" } as const;
    await recordEvent(
      {
        action: kind === "reset" ? "user.password_reset_requested" : "user.invitation_sent",
        outcome: "success",
        actor,
        target: { type: "user", id: userId },
      },
      caller.request,
      tx,
    );
    const send = kind === "reset" ? sendResetLink : sendInvitation;
    await send(userId, user.email, newSecret(), tx);
    return { outcome: "sent", kind } as const;
  });
}
