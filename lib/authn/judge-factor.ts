import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { recordAnonymousRefusal } from "@/lib/audit/record-refusal";
import { LOCKED_ATTEMPTS } from "@/lib/authn/attempt-limits";
import { refundSecondFactor, spendSecondFactor } from "@/lib/authn/second-factor-budget";
import { type Attempt, refundAttempts, spendAttempt } from "@/lib/authn/sign-in-budget";
import type { FactorAnswer, FactorRefusal, FactorSubject } from "@/lib/credentials/factor";
import { findFactor } from "@/lib/credentials/registry";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FactorKind, Proof } from "@/lib/shared/factor";
import { findUserIdentity } from "@/lib/users/user-identity";

export interface FactorAttempt extends FactorSubject {
  kind: FactorKind;
  answer: FactorAnswer;
  /** The known device of this account that the attempt comes from, if any. */
  deviceId: string | null;
}

export type FactorJudgement =
  | { outcome: "passed"; userId: string; email: string; proof: Proof }
  | { outcome: "rejected"; reason: FactorRefusal }
  | { outcome: "locked"; retryAfterSeconds: number };

/**
 * Judges one attempt with one factor, whichever flow it belongs to. The attempt
 * is paid for before the answer is read, so that parallel guesses get no more
 * than the budget (ATK-34), and every failure is on record. A user who is not
 * active fails like a wrong answer.
 */
export async function judgeFactor(
  attempt: FactorAttempt,
  request: RequestFacts,
): Promise<FactorJudgement> {
  const factor = findFactor(attempt.kind);
  if (factor === null) return { outcome: "rejected", reason: "wrong" };
  const budget = budgetOf(attempt, request);
  const spent = await budget.spend();
  if (!spent.allowed) {
    await recordAnonymousRefusal(LOCKED_ATTEMPTS, rejectionOf(attempt, "locked"), request);
    return { outcome: "locked", retryAfterSeconds: spent.retryAfterSeconds };
  }
  const verdict = await factor.verify(attempt, attempt.answer, request);
  const user = verdict.outcome === "passed" ? await findUserIdentity(verdict.userId) : null;
  if (verdict.outcome === "rejected" || user?.status !== "active") {
    const reason = verdict.outcome === "rejected" ? verdict.reason : "wrong";
    await recordFailure(
      attempt,
      attempt.place === "first" ? "invalid-credentials" : reason,
      request,
    );
    return { outcome: "rejected", reason };
  }
  await budget.refund();
  return { outcome: "passed", userId: user.id, email: user.email, proof: verdict.proof };
}

/** A password is guessed on one budget, wherever it is asked for (ATK-34). */
function budgetOf({ kind, place, userId, email, deviceId }: FactorAttempt, { ip }: RequestFacts) {
  if (place === "second" && kind !== "password" && userId !== null) {
    // A device that has signed this user in is not locked by whoever knows the password (ATK-35).
    const subject = deviceId ?? userId;
    return {
      spend: () => spendSecondFactor(subject),
      refund: () => refundSecondFactor(subject),
    };
  }
  const attempt: Attempt = { email, ip, deviceId };
  return { spend: () => spendAttempt(attempt), refund: () => refundAttempts(attempt) };
}

/** Each was paid for from a budget, which is the bound of these events. */
async function recordFailure(
  attempt: FactorAttempt,
  reason: string,
  request: RequestFacts,
): Promise<void> {
  const actor = { type: "anonymous" } as const;
  const event = rejectionOf(attempt, reason);
  await recordStandaloneEvent({ ...event, outcome: "failure", actor }, request);
}

const rejectionOf = ({ userId, kind, place }: FactorAttempt, reason: string) => ({
  action: "session.rejected",
  target: userId === null ? undefined : { type: "user", id: userId },
  reason: place === "first" && kind === "password" ? reason : `${kind}: ${reason}`,
});
