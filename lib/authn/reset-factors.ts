import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { factorsResetMail } from "@/lib/authn/mails";
import { refundSecondFactor } from "@/lib/authn/second-factor-budget";
import { forgetFactors } from "@/lib/credentials/registry";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { distrustDevices } from "@/lib/sessions/known-device";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";
import type { FactorKind } from "@/lib/shared/factor";
import { manageUser } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/**
 * Takes every second factor from a user who has lost theirs, with every session
 * and trusted device, on record with the reason and told to the user (F24).
 * Nobody does it for themselves: one's own factors have a gate of their own.
 */
export async function resetFactors(caller: Caller, userId: string, reason: string) {
  if (userId === caller.principal.userId) return { outcome: "rejected", reason: "self" } as const;
  const result = await manageUser(
    caller,
    userId,
    async (user, actor, tx) => {
      const factors: FactorKind[] = await forgetFactors(userId, tx);
      await distrustDevices(userId, tx);
      const { request } = caller;
      const ended = await revokeSessions(userId, {}, "factors_reset", actor, request, tx);
      await recordEvent(
        {
          action: "user.factors_reset",
          outcome: "success",
          actor,
          target: { type: "user", id: userId },
          reason,
          before: { factors },
        },
        request,
        tx,
      );
      await enqueueMail("factors-reset", user.email, factorsResetMail(), tx);
      return { outcome: "reset", factors, endedSessions: ended } as const;
    },
    USER_PERMISSIONS.resetFactors,
  );
  if (result.outcome === "reset") await refundSecondFactor(userId);
  return result;
}
