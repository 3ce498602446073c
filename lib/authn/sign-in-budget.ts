import "server-only";
import {
  ACCOUNT_BUDGET,
  DEVICE_BUDGET,
  type GuessBudget,
  SECOND_FACTOR_BUDGET,
  SECOND_FACTORS_BUDGET,
  SOURCE_ATTEMPTS,
  STRANGER_BUDGET,
} from "@/lib/authn/attempt-limits";
import { networkOf } from "@/lib/platform/http/client-address";
import {
  type Account,
  block,
  countUses,
  giveBack,
  type Spend,
  spend,
} from "@/lib/platform/rate-limit/limiter";

export interface Attempt {
  /** The account that is guessed at. Null for a passkey, which nobody guesses: only the source is counted. */
  email: string | null;
  ip: string | null;
  /** The known device of this account that the attempt comes from, if any. */
  deviceId: string | null;
  /** The user whose second factor it is, after a first one was passed; left out otherwise. */
  secondFactorOf?: string | undefined;
}

/**
 * Pays for one attempt before what was given is looked at, so that parallel
 * guesses together get no more than the budget. Every way of guessing at an
 * account spends here, and all of them together have one bound (ATK-34).
 */
export async function spendAttempt(attempt: Attempt): Promise<Spend> {
  const source = await spend(SOURCE_ATTEMPTS, networkOf(attempt.ip));
  if (!source.allowed || attempt.email === null) return source;
  const { email, deviceId, secondFactorOf } = attempt;
  const [budget, subject] = budgetOf(attempt, email);
  const own = await spendGuess(budget, subject);
  // Not before: what waits for a lock is no guess, and must not bring about the lock of all.
  if (!own.allowed) return own;
  const all = await spendGuess(ACCOUNT_BUDGET, email);
  const second =
    secondFactorOf === undefined ? null : await spendGuess(SECOND_FACTORS_BUDGET, secondFactorOf);
  // Guesses on a device count for all, and what others have guessed does not close it (F118).
  if (deviceId !== null) return own;
  // Nor a second factor, which asks for a first one that strangers have not (ATK-35).
  return second ?? all;
}

/** A device that has signed this user in is not locked by whoever knows less (ATK-35). */
function budgetOf(
  { deviceId, secondFactorOf }: Attempt,
  email: string,
): [budget: GuessBudget, subject: string] {
  if (secondFactorOf !== undefined) return [SECOND_FACTOR_BUDGET, deviceId ?? secondFactorOf];
  return deviceId === null ? [STRANGER_BUDGET, email] : [DEVICE_BUDGET, deviceId];
}

async function spendGuess(budget: GuessBudget, subject: string): Promise<Spend> {
  const { failures, locks } = budget;
  const [locksBefore] = await countUses([locks, subject]);
  // A lock that is over leaves one guess and not another whole budget.
  const uses = locksBefore === 0 ? 1 : failures.pointsMax;
  const spent = await spend(failures, subject, uses);
  // The request that finds the budget just used up sets the lock; later ones wait for it.
  if (spent.allowed || !spent.exhaustedNow) return spent;
  await spend(locks, subject);
  const forSeconds = budget.lockSeconds(locksBefore);
  await block(failures, subject, forSeconds);
  return { ...spent, retryAfterSeconds: forSeconds };
}

/** The answer was right: failures no longer count in the budget that it was paid from. */
export async function refundAttempts(attempt: Attempt): Promise<void> {
  const { email, ip, secondFactorOf } = attempt;
  // Many people behind one address who know their passwords are no attack.
  const source: Account = [SOURCE_ATTEMPTS, networkOf(ip)];
  if (email === null) return giveBack({ one: [source] });
  const [budget, subject] = budgetOf(attempt, email);
  // Whoever knows the password and guesses the second factor must not begin anew by it.
  const shared: Account[] = [
    source,
    [ACCOUNT_BUDGET.failures, email],
    ...(secondFactorOf === undefined
      ? []
      : [[SECOND_FACTORS_BUDGET.failures, secondFactorOf] as const]),
  ];
  await giveBack({ one: shared, all: wholeOf(budget, subject) });
}

/** All that was asked for was given: no failure for this account counts any more. */
export const forgetFailures = ({ id, email }: { id: string; email: string }): Promise<void> =>
  giveBack({ all: [...wholeOf(ACCOUNT_BUDGET, email), ...wholeOf(SECOND_FACTORS_BUDGET, id)] });

/** Failures of strangers for this account no longer count; what their source spent stays spent. */
export const openLock = (email: string): Promise<void> =>
  giveBack({ all: [...wholeOf(STRANGER_BUDGET, email), ...wholeOf(ACCOUNT_BUDGET, email)] });

/** Wrong second factors of this user no longer count. */
export const openSecondFactorLock = (userId: string): Promise<void> =>
  giveBack({
    all: [...wholeOf(SECOND_FACTOR_BUDGET, userId), ...wholeOf(SECOND_FACTORS_BUDGET, userId)],
  });

const wholeOf = ({ failures, locks }: GuessBudget, subject: string): Account[] => [
  [failures, subject],
  [locks, subject],
];
