import "server-only";
import "#node-only";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { log } from "@/lib/platform/log";
import { countFallback, type FallbackReason } from "@/lib/platform/metrics/metrics";
import { pacedBy } from "@/lib/platform/paced-by";
import { CircuitBreaker } from "@/lib/platform/rate-limit/circuit-breaker";
import { type Count, countBy, type Terms } from "@/lib/platform/rate-limit/count";
import { createRedisClient, type RedisClient } from "@/lib/platform/rate-limit/redis-client";

/** With what goes on around it, less than the 200 ms that a request may lose (FLT-15). */
const REPLY_TIMEOUT_MS = 150;
/** A start waits no longer for a Redis that nobody needs in order to serve. */
const READY_TIMEOUT_MS = 1_000;
const CLOSE_TIMEOUT_MS = 500;
const LOG_INTERVAL_MS = 60_000;

class ReplyLate extends Error {
  override name = "ReplyLate";
}

/** The limiter of these terms in Redis: one script, which is one atomic step. */
export const redisLimiter = (client: RedisClient, { name, pointsMax, windowSeconds }: Terms) =>
  new RateLimiterRedis({
    storeClient: client,
    useRedisPackage: true,
    keyPrefix: `gatehouse:limit:${name}`,
    points: pointsMax,
    duration: windowSeconds,
  });

/** Whether a server that counts could have said so; anything else must not decide about a request. */
export const isPlausible = ({ uses, msBeforeNext }: Count, terms: Terms, asked: number): boolean =>
  Number.isSafeInteger(uses) &&
  uses >= asked &&
  Number.isSafeInteger(msBeforeNext) &&
  msBeforeNext >= 0 &&
  msBeforeNext <= terms.windowSeconds * 1_000;

/** Counters in Redis, by one connection of this process, which comes and goes. */
export class RedisCounts {
  readonly #url: string;
  #client: RedisClient;
  readonly #breaker = new CircuitBreaker();
  readonly #limiters = new Map<string, RateLimiterRedis>();
  #lastError: unknown;
  readonly #mayLog = pacedBy(LOG_INTERVAL_MS);
  #fallbacks = 0;

  constructor(url: string) {
    this.#url = url;
    this.#client = this.#open();
  }

  /** Null where somebody else has to count: Redis is away, late, or says what cannot be. */
  async count(terms: Terms, key: string, uses: number): Promise<Count | null> {
    if (!this.#client.isReady) return this.#fallBack("unreachable");
    if (!this.#breaker.lets()) return this.#fallBack("paused");
    try {
      const count = await inTime(countBy(this.#limiterOf(terms), key, uses));
      if (!isPlausible(count, terms, uses)) throw new Error("Redis answered what is no count");
      this.#breaker.succeeded();
      return count;
    } catch (error) {
      this.#lastError = error;
      const isLate = error instanceof ReplyLate;
      if (isLate) this.#breaker.trip();
      else this.#breaker.failed();
      return this.#fallBack(isLate ? "late" : "refused");
    }
  }

  /** Returns when it is connected, has failed to be, or has had its time. */
  ready(): Promise<void> {
    if (this.#client.isReady) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, READY_TIMEOUT_MS);
      for (const event of ["ready", "error"]) {
        this.#client.once(event, () => {
          clearTimeout(timer);
          resolve();
        });
      }
    });
  }

  /** Takes leave when what is under way is answered, or has had its time. */
  async close(): Promise<void> {
    const client = this.#client;
    if (!client.isOpen) return;
    const timer = setTimeout(() => client.destroy(), CLOSE_TIMEOUT_MS);
    await client.close();
    clearTimeout(timer);
  }

  #open(): RedisClient {
    const client = createRedisClient(this.#url, { reconnects: true });
    client.on("error", (error) => {
      this.#lastError = error;
      // The connection is there, so what came on it was no reply. Those that follow may be to other questions.
      if (client.isReady && client === this.#client) this.#openAnew();
    });
    // What goes wrong was told by the event, and is tried again.
    client.connect().catch(() => {});
    return client;
  }

  #openAnew(): void {
    this.#client.destroy();
    this.#limiters.clear();
    this.#client = this.#open();
  }

  #limiterOf(terms: Terms): RateLimiterRedis {
    const known = this.#limiters.get(terms.name);
    if (known) return known;
    const created = redisLimiter(this.#client, terms);
    this.#limiters.set(terms.name, created);
    return created;
  }

  #fallBack(reason: FallbackReason): null {
    countFallback(reason);
    this.#fallbacks += 1;
    if (!this.#mayLog()) return null;
    log.warn("Redis does not count, and the database does", {
      code: reason,
      count: this.#fallbacks,
      error: this.#lastError,
    });
    this.#fallbacks = 0;
    return null;
  }
}

/** Throws {@link ReplyLate} where the answer takes too long; one that has already arrived is read first. */
function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // A turn of the event loop that took long itself makes nothing late that it kept from being read.
    const timer = setTimeout(() => setImmediate(late), REPLY_TIMEOUT_MS);
    const late = () => reject(new ReplyLate(`no answer within ${REPLY_TIMEOUT_MS} ms`));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
