import "server-only";
import { getConfig } from "@/lib/platform/config";
import { pseudonym } from "@/lib/platform/crypto";
import { pool } from "@/lib/platform/db/pool";
import type { Terms } from "@/lib/platform/rate-limit/count";
import { countInDatabase, databaseLimiter } from "@/lib/platform/rate-limit/database-counts";
import { countRequest } from "@/lib/platform/rate-limit/request-counts";

/** A budget of guesses, mails, money or work: in the database alone, which keeps what it has counted. */
export interface Limit extends Terms {
  counts?: undefined;
}

/**
 * How often something may be asked for in a few minutes. Whoever got more would cost work and open
 * nothing, so that Redis may count it, where there is one.
 */
export interface RequestRate extends Terms {
  counts: "requests";
}

export type Spend =
  | { allowed: true }
  | {
      allowed: false;
      retryAfterSeconds: number;
      /** True for the one request that found the budget just used up. */
      exhaustedNow: boolean;
    };

// Counters are kept under a pseudonym: neither store tells anybody whose they are.
export const keyOf = (subject: string) =>
  pseudonym(getConfig().dataEncryptionKeys[0] ?? "", subject);

/**
 * Takes one use from the budget, or as many as are named, atomically and before
 * the work that it pays for: any number of parallel requests together get no
 * more than the limit (ATK-34). Throws when the counters cannot be read, so that
 * an outage opens nothing.
 */
export async function spend(limit: Limit | RequestRate, subject: string, uses = 1): Promise<Spend> {
  const count = limit.counts === "requests" ? countRequest : countInDatabase;
  const counted = await count(limit, keyOf(subject), uses);
  if (counted.uses <= limit.pointsMax) return { allowed: true };
  return {
    allowed: false,
    retryAfterSeconds: Math.max(1, Math.ceil(counted.msBeforeNext / 1000)),
    exhaustedNow: counted.uses - uses <= limit.pointsMax,
  };
}

/** Closes the budget for this long, whatever is left in it. */
export async function block(limit: Limit, subject: string, forSeconds: number): Promise<void> {
  await databaseLimiter(limit).block(keyOf(subject), forSeconds);
}

/** How many uses the present window has seen. */
export async function countUses(limit: Limit, subject: string): Promise<number> {
  return (await databaseLimiter(limit).get(keyOf(subject)))?.consumedPoints ?? 0;
}

/** Gives one use back that turned out not to count. */
export async function refund(limit: Limit, subject: string): Promise<void> {
  await databaseLimiter(limit).reward(keyOf(subject));
}

/** Makes the budget whole again, as after a success. */
export async function restore(limit: Limit, subject: string): Promise<void> {
  await databaseLimiter(limit).delete(keyOf(subject));
}

/** Deletes counters whose window is over. */
export async function purgeExpiredLimits(): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM rate_limits WHERE expire < extract(epoch FROM now()) * 1000",
  );
  return rowCount ?? 0;
}
