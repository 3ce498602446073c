import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { recordAnonymousRefusal } from "@/lib/audit/record-refusal";
import { LOCKED_ATTEMPTS } from "@/lib/authn/attempt-limits";
import { demandWorkForPassword } from "@/lib/authn/demand-work";
import { type Attempt, refundAttempts, spendAttempt } from "@/lib/authn/sign-in-budget";
import type { FactorAnswer, FactorRefusal, FactorSubject } from "@/lib/credentials/factor";
import { findFactor } from "@/lib/credentials/registry";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FactorKind, Proof } from "@/lib/shared/factor";
import type { WorkChallenge } from "@/lib/shared/form-state";
import { findUserIdentity } from "@/lib/users/user-identity";

export interface FactorAttempt extends FactorSubject {
  kind: FactorKind;
  answer: FactorAnswer;
  deviceId: string | null;
  /** That the browser has worked for this attempt, where it was asked to. */
  proof?: string | undefined;
}

export type FactorJudgement =
  /** `epoch` where the answer named its user, and is not for the caller to have read before. */
  | { outcome: "passed"; userId: string; email: string; proof: Proof; epoch?: number }
  | { outcome: "rejected"; reason: FactorRefusal }
  | { outcome: "locked"; retryAfterSeconds: number }
  /** Nothing was looked at: the browser has to work first. */
  | { outcome: "challenge-required"; challenge: WorkChallenge };

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
  const payment = await paymentOf(attempt, request);
  // Before it is paid for: whoever does not work brings about no lock either.
  const challenge = await demandWork(attempt, payment);
  if (challenge !== null) return { outcome: "challenge-required", challenge };
  const spent = await spendAttempt(payment);
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
  await refundAttempts(payment);
  return { ...verdict, email: user.email };
}

/** A password is guessed on one budget, wherever it is asked for (ATK-34). */
async function paymentOf(
  { kind, place, userId, email, deviceId }: FactorAttempt,
  { ip }: RequestFacts,
): Promise<Attempt> {
  // Nobody guesses a signature, so that no lock that others bring about stands before it (F118).
  if (kind === "passkey") return { email: null, ip, deviceId };
  // Whoever began with a passkey has typed no address, and is guessed at all the same.
  const account = email ?? (userId === null ? null : await findAddress(userId));
  const isSecond = place === "second" && kind !== "password" && userId !== null;
  return { email: account, ip, deviceId, ...(isSecond && { secondFactorOf: userId }) };
}

/** Codes are few and short-lived, and the way of who has no script: only a password is worked for. */
const demandWork = async (
  { kind, place, proof }: FactorAttempt,
  { email, deviceId }: Attempt,
): Promise<WorkChallenge | null> =>
  kind === "password" && place === "first" && email !== null
    ? demandWorkForPassword(email, deviceId, proof)
    : null;

const findAddress = async (userId: string): Promise<string | null> =>
  (await findUserIdentity(userId))?.email ?? null;

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
