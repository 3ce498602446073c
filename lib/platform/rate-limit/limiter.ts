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

/** A budget, and whose it is. */
export type Account = readonly [limit: Limit, subject: string];

const rowOf = ([limit, subject]: Account): string => databaseLimiter(limit).getKey(keyOf(subject));

/** How many uses the present window of each has seen. */
export async function countUses<const Accounts extends readonly Account[]>(
  ...accounts: Accounts
): Promise<{ [Place in keyof Accounts]: number }> {
  const keys = accounts.map(rowOf);
  const { rows } = await pool().query<{ key: string; points: number }>({
    name: "count-uses",
    text: "SELECT key, points FROM rate_limits WHERE key = ANY($1) AND (expire > $2 OR expire IS NULL)",
    values: [keys, Date.now()],
  });
  const counted = new Map(rows.map(({ key, points }) => [key, points]));
  return keys.map((key) => counted.get(key) ?? 0) as { [Place in keyof Accounts]: number };
}

/**
 * Gives one use of each back that turned out not to count, and makes others whole again, as after a
 * success. One statement, which takes the counters in one order: many at once do not wait in a circle.
 */
export async function giveBack({
  one = [],
  all = [],
}: Partial<Record<"one" | "all", readonly Account[]>>): Promise<void> {
  await pool().query({
    name: "give-back-uses",
    text: `WITH held AS MATERIALIZED (
             SELECT key FROM rate_limits WHERE key = ANY($1) OR key = ANY($2) ORDER BY key FOR UPDATE),
           restored AS (
             DELETE FROM rate_limits WHERE key = ANY($2) AND key IN (SELECT key FROM held))
           UPDATE rate_limits SET points = points - 1
            WHERE key = ANY($1) AND key IN (SELECT key FROM held) AND points > 0`,
    values: [one.map(rowOf), all.map(rowOf)],
  });
}

/** Deletes counters whose window is over. */
export async function purgeExpiredLimits(): Promise<number> {
  const { rowCount } = await pool().query(
    `DELETE FROM rate_limits WHERE key IN (
       SELECT key FROM rate_limits WHERE expire < extract(epoch FROM now()) * 1000
        ORDER BY key FOR UPDATE SKIP LOCKED)`,
  );
  return rowCount ?? 0;
}
