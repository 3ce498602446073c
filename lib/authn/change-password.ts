import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { endAccess } from "@/lib/authn/end-access";
import { passwordChangedMail } from "@/lib/authn/mails";
import { contextWords } from "@/lib/authn/register";
import { refundAttempts, spendAttempt } from "@/lib/authn/sign-in-budget";
import { checkPassword } from "@/lib/credentials/password/check-password";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { judgePassword, type PasswordRefusal } from "@/lib/credentials/password/judge-password";
import { isRememberedPassword } from "@/lib/credentials/password/password-history";
import { setPasswordHash } from "@/lib/credentials/password/set-password";
import { findSignInRules } from "@/lib/organizations/sign-in-rules";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { holdSession } from "@/lib/sessions/hold-session";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { lockUser } from "@/lib/users/user-identity";

export type PasswordChange =
  | { outcome: "changed"; endedSessions: number }
  | { outcome: "rejected"; reason: PasswordRefusal | "reused" | "wrong-password" }
  | { outcome: "locked"; retryAfterSeconds: number };

/**
 * Replaces the caller's password after proof of the present one, and ends every
 * other session (F16). Guesses of the present one spend from the budget that
 * sign-in spends from.
 */
export async function changePassword(
  caller: Caller,
  current: string,
  next: string,
): Promise<PasswordChange> {
  const { principal, request } = caller;
  // The present password is the fresh proof of who has nothing stronger.
  if (principal.secondFactorEnrolled) requireAssurance(principal, SENSITIVE);
  const attempt = {
    email: principal.email,
    ip: request.ip,
    deviceId: principal.session.id,
  };
  const budget = await spendAttempt(attempt);
  if (!budget.allowed) return { outcome: "locked", retryAfterSeconds: budget.retryAfterSeconds };
  if (!(await checkPassword(principal.userId, current))) {
    return { outcome: "rejected", reason: "wrong-password" };
  }
  await refundAttempts(attempt);
  const refusal = judgePassword(next, contextWords(principal.email, principal.name));
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const { passwordHistory } = await findSignInRules(principal.organizationId);
  if (await isRememberedPassword(principal.userId, next, passwordHistory)) {
    return { outcome: "rejected", reason: "reused" };
  }
  const hash = await hashPassword(next);
  return inTransaction(async (tx): Promise<PasswordChange> => {
    const { userId, session } = principal;
    await lockUser(userId, tx);
    // Ended while this was hashed: by a reset, say, whose password must stay.
    if (!(await holdSession(caller, tx))) return { outcome: "rejected", reason: "wrong-password" };
    const actor = actorOfPrincipal(principal);
    await setPasswordHash(userId, hash, actor, request, tx);
    const kept = { except: session.id };
    const endedSessions = await endAccess(userId, "password_changed", actor, request, tx, kept);
    await enqueueMail("password-changed", principal.email, passwordChangedMail(), tx, {
      asked: request.locale,
    });
    return { outcome: "changed", endedSessions };
  });
}
