import "server-only";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { getConfig } from "@/lib/platform/config";
import { pseudonym } from "@/lib/platform/crypto";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

export interface Limit {
  name: string;
  /** Uses allowed in one window. */
  pointsMax: number;
  windowSeconds: number;
}

export type Spend =
  | { allowed: true }
  | {
      allowed: false;
      retryAfterSeconds: number;
      /** True for the one request that found the budget just used up. */
      exhaustedNow: boolean;
    };

const limiters = () => processSingleton("limiters", () => new Map<string, RateLimiterPostgres>());

function limiterOf({ name, pointsMax, windowSeconds }: Limit): RateLimiterPostgres {
  const known = limiters().get(name);
  if (known) return known;
  const created = new RateLimiterPostgres({
    storeClient: pool(),
    storeType: "pool",
    tableName: "rate_limits",
    tableCreated: true,
    keyPrefix: name,
    points: pointsMax,
    duration: windowSeconds,
    clearExpiredByTimeout: false,
  });
  limiters().set(name, created);
  return created;
}

// Counters are kept under a pseudonym: the table tells nobody whose they are.
export const keyOf = (subject: string) =>
  pseudonym(getConfig().dataEncryptionKeys[0] ?? "", subject);

/**
 * Takes one use from the budget, or as many as are named, atomically and before
 * the work that it pays for: any number of parallel requests together get no
 * more than the limit (ATK-34). Throws when the counters cannot be read, so that
 * an outage opens nothing.
 */
export async function spend(limit: Limit, subject: string, uses = 1): Promise<Spend> {
  try {
    await limiterOf(limit).consume(keyOf(subject), uses);
    return { allowed: true };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return {
      allowed: false,
      retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
      exhaustedNow: refusal.consumedPoints - uses <= limit.pointsMax,
    };
  }
}

/** Closes the budget for this long, whatever is left in it. */
export async function block(limit: Limit, subject: string, forSeconds: number): Promise<void> {
  await limiterOf(limit).block(keyOf(subject), forSeconds);
}

/** How many uses the present window has seen. */
export async function countUses(limit: Limit, subject: string): Promise<number> {
  return (await limiterOf(limit).get(keyOf(subject)))?.consumedPoints ?? 0;
}

/** Gives one use back that turned out not to count. */
export async function refund(limit: Limit, subject: string): Promise<void> {
  await limiterOf(limit).reward(keyOf(subject));
}

/** Makes the budget whole again, as after a success. */
export async function restore(limit: Limit, subject: string): Promise<void> {
  await limiterOf(limit).delete(keyOf(subject));
}

/** Deletes counters whose window is over. */
export async function purgeExpiredLimits(): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM rate_limits WHERE expire < extract(epoch FROM now()) * 1000",
  );
  return rowCount ?? 0;
}
