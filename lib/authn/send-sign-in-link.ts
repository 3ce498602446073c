import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { MAILS_PER_RECIPIENT } from "@/lib/authn/attempt-limits";
import { sendInvitation } from "@/lib/authn/invite-user";
import { sendResetLink } from "@/lib/authn/reset-password";
import { newSecret } from "@/lib/platform/crypto";
import { spend } from "@/lib/platform/rate-limit/limiter";
import type { Caller } from "@/lib/shared/caller";
import { manageUser } from "@/lib/users/govern-user";

/** What a link can do for the user; nothing while an administrator has disabled them. */
const KIND = { active: "reset", pending: "invitation", disabled: null } as const;

/**
 * Mails the user a link to choose a password: a reset link, or once more the
 * invitation of somebody who has not accepted it. Whoever asks never sees the
 * link, and must not be below the user (ATK-42).
 */
export async function sendSignInLink(caller: Caller, userId: string) {
  // Asked before anything is spent: the budget is the recipient's, not the caller's.
  const known = await manageUser(caller, userId, async (user) => ({
    outcome: "known" as const,
    user,
  }));
  if (known.outcome !== "known") return known;
  const { email } = known.user;
  const recipient = await spend(MAILS_PER_RECIPIENT, email);
  if (!recipient.allowed) {
    const { retryAfterSeconds } = recipient;
    return { outcome: "limited", retryAfterSeconds } as const;
  }
  return manageUser(caller, userId, async (user, actor, tx) => {
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
