import "server-only";
import type { Count } from "@/lib/platform/rate-limit/count";

/** Some megabytes. Of more callers at once those are forgotten who came first. */
const ENTRIES_MAX = 10_000;

interface Seen {
  /** What Redis has last told. */
  redis: number;
  /** What Redis had told before it began anew within the window. */
  lost: number;
  /** The most that the database has told. */
  database: number;
  endsAt: number;
}

/**
 * What this process was told of each window. Redis and the database count apart: when one takes over
 * from the other, or Redis comes back empty, what was used already is still known here, so that no
 * failure hands out a second budget.
 */
export class SeenCounts {
  readonly #seen = new Map<string, Seen>();

  addRedis(key: string, count: Count): Count {
    const seen = this.#of(key, count);
    // One connection answers in order: what does not grow was lost.
    if (count.uses <= seen.redis) seen.lost += seen.redis;
    seen.redis = count.uses;
    return { ...count, uses: count.uses + seen.lost + seen.database };
  }

  addDatabase(key: string, count: Count): Count {
    const seen = this.#of(key, count);
    // Several connections do not answer in order.
    seen.database = Math.max(seen.database, count.uses);
    return { ...count, uses: count.uses + seen.redis + seen.lost };
  }

  #of(key: string, { msBeforeNext }: Count): Seen {
    const now = performance.now();
    const known = this.#seen.get(key);
    if (known !== undefined && now < known.endsAt) return known;
    const created = { redis: 0, lost: 0, database: 0, endsAt: now + msBeforeNext };
    this.#seen.delete(key);
    this.#seen.set(key, created);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > ENTRIES_MAX && oldest !== undefined) this.#seen.delete(oldest);
    return created;
  }
}
