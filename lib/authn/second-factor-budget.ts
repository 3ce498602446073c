import "server-only";
import {
  lockSeconds,
  SECOND_FACTOR_FAILURES,
  SECOND_FACTOR_LOCKS,
} from "@/lib/authn/attempt-limits";
import { block, countUses, restore, type Spend, spend } from "@/lib/platform/rate-limit/limiter";

/**
 * Pays for one guess at a second factor of this user, whichever it is. The lock
 * is its own: only who passed a first factor can bring it about, and guesses of
 * the password never do (F23).
 */
export async function spendSecondFactor(userId: string): Promise<Spend> {
  const budget = await spend(SECOND_FACTOR_FAILURES, userId);
  if (budget.allowed || !budget.exhaustedNow) return budget;
  const forSeconds = lockSeconds(await countUses(SECOND_FACTOR_LOCKS, userId));
  await spend(SECOND_FACTOR_LOCKS, userId);
  await block(SECOND_FACTOR_FAILURES, userId, forSeconds);
  return { ...budget, retryAfterSeconds: forSeconds };
}

/** The answer was right: earlier wrong ones no longer count. */
export async function refundSecondFactor(userId: string): Promise<void> {
  await restore(SECOND_FACTOR_FAILURES, userId);
  await restore(SECOND_FACTOR_LOCKS, userId);
}
