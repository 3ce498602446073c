import "server-only";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import { endAccess } from "@/lib/authn/end-access";
import { factorsResetMail } from "@/lib/authn/mails";
import { openSecondFactorLock } from "@/lib/authn/sign-in-budget";
import { forgetFactors } from "@/lib/credentials/registry";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { distrustDevices } from "@/lib/sessions/known-device";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import type { FactorKind } from "@/lib/shared/factor";
import { manageAccount } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findSignInUser } from "@/lib/users/sign-in-record";

/**
 * Takes every second factor from a user who has lost theirs, with every session
 * and trusted device, on record with the reason and told to the user (F24).
 * Nobody does it for themselves: one's own factors have a gate of their own.
 */
export async function resetFactors(caller: Caller, userId: string, reason: string) {
  if (userId === caller.principal.userId) return { outcome: "rejected", reason: "self" } as const;
  const result = await manageAccount(
    caller,
    userId,
    (user, actor, tx) => takeFactors(user, actor, reason, caller.request, tx),
    USER_PERMISSIONS.resetFactors,
  );
  if (result.outcome === "reset") await openSecondFactorLock(userId);
  return result;
}

/** The same from the command line, by whoever owns the machine. */
export async function resetFactorsAsOperator(email: string, reason: string, request: RequestFacts) {
  const user = await findSignInUser(email);
  if (user === null) return { outcome: "not-found" } as const;
  const result = await inTransaction((tx) =>
    takeFactors({ id: user.id, email }, { type: "system" }, reason, request, tx),
  );
  await openSecondFactorLock(user.id);
  return result;
}

async function takeFactors(
  user: { id: string; email: string },
  actor: AuditEventInput["actor"],
  reason: string,
  request: RequestFacts,
  tx: Db,
) {
  const factors: FactorKind[] = await forgetFactors(user.id, tx);
  await distrustDevices(user.id, tx);
  const endedSessions = await endAccess(user.id, "factors_reset", actor, request, tx);
  await recordEvent(
    {
      action: "user.factors_reset",
      outcome: "success",
      actor,
      target: { type: "user", id: user.id },
      reason,
      before: { factors },
    },
    request,
    tx,
  );
  await enqueueMail("factors-reset", user.email, factorsResetMail(), tx);
  return { outcome: "reset", factors, endedSessions } as const;
}
