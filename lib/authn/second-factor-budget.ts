import "server-only";
import {
  lockSeconds,
  SECOND_FACTOR_FAILURES,
  SECOND_FACTOR_LOCKS,
} from "@/lib/authn/attempt-limits";
import { block, countUses, restore, type Spend, spend } from "@/lib/platform/rate-limit/limiter";

/**
 * Pays for one guess at a second factor of this user, or on this device of
 * theirs, whichever factor it is. The lock is its own: only who passed a first
 * factor can bring it about, and guesses of the password never do (F23).
 */
export async function spendSecondFactor(subject: string): Promise<Spend> {
  const budget = await spend(SECOND_FACTOR_FAILURES, subject);
  if (budget.allowed || !budget.exhaustedNow) return budget;
  const forSeconds = lockSeconds(await countUses(SECOND_FACTOR_LOCKS, subject));
  await spend(SECOND_FACTOR_LOCKS, subject);
  await block(SECOND_FACTOR_FAILURES, subject, forSeconds);
  return { ...budget, retryAfterSeconds: forSeconds };
}

/** The answer was right: earlier wrong ones no longer count. */
export async function refundSecondFactor(subject: string): Promise<void> {
  await restore(SECOND_FACTOR_FAILURES, subject);
  await restore(SECOND_FACTOR_LOCKS, subject);
}
