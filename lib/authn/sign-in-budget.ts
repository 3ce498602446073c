import "server-only";
import {
  DEVICE_FAILURES,
  LOCKS,
  lockSeconds,
  SOURCE_ATTEMPTS,
  STRANGER_FAILURES,
} from "@/lib/authn/attempt-limits";
import { networkOf } from "@/lib/platform/http/client-address";
import {
  block,
  countUses,
  refund,
  restore,
  type Spend,
  spend,
} from "@/lib/platform/rate-limit/limiter";

export interface Attempt {
  /** Null for a passkey, which names nobody before it is checked: only the source is counted. */
  email: string | null;
  ip: string | null;
  /** The known device of this account that the attempt comes from, if any. */
  deviceId: string | null;
}

/**
 * Pays for one attempt before the password is looked at, so that parallel
 * guesses together get no more than the budget (ATK-34). Every way of giving a
 * password for an account spends from the same budget.
 */
export async function spendAttempt({ email, ip, deviceId }: Attempt): Promise<Spend> {
  const source = await spend(SOURCE_ATTEMPTS, networkOf(ip));
  if (!source.allowed) return source;
  if (deviceId !== null) return spend(DEVICE_FAILURES, deviceId);

  if (email === null) return source;

  const locksBefore = await countUses(LOCKS, email);
  // A lock that is over leaves one guess and not another whole budget.
  const uses = locksBefore === 0 ? 1 : STRANGER_FAILURES.pointsMax;
  const budget = await spend(STRANGER_FAILURES, email, uses);
  if (budget.allowed) return budget;
  // The request that finds the budget just used up sets the lock; later ones wait for it.
  if (budget.exhaustedNow) {
    await spend(LOCKS, email);
    const forSeconds = lockSeconds(locksBefore);
    await block(STRANGER_FAILURES, email, forSeconds);
    return {
      allowed: false,
      retryAfterSeconds: forSeconds,
      exhaustedNow: true,
    };
  }
  return budget;
}

/** The password was right: failures for this account no longer count. */
export async function refundAttempts({ email, ip, deviceId }: Attempt): Promise<void> {
  // Many people behind one address who know their passwords are no attack.
  await refund(SOURCE_ATTEMPTS, networkOf(ip));
  if (deviceId !== null) {
    await restore(DEVICE_FAILURES, deviceId);
    return;
  }
  if (email !== null) await openLock(email);
}

/** Failures of strangers for this account no longer count; what their source spent stays spent. */
export async function openLock(email: string): Promise<void> {
  await restore(STRANGER_FAILURES, email);
  await restore(LOCKS, email);
}
