import "server-only";
import type { RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";

/** How much is allowed, and in which time. */
export interface Terms {
  name: string;
  /** Uses allowed in one window. */
  pointsMax: number;
  windowSeconds: number;
}

export interface Count {
  /** In the present window, with those that were just counted. */
  uses: number;
  /** Until the window ends. */
  msBeforeNext: number;
}

/** Counts in one atomic step of the store. Throws when the store does not answer. */
export async function countBy(
  limiter: RateLimiterAbstract,
  key: string,
  uses: number,
): Promise<Count> {
  const counted = await limiter.consume(key, uses).catch((refusal: unknown) => {
    // Not by its class, of which the fast lane and Next have one each while they share the limiters.
    if (refusal instanceof Error) throw refusal;
    return refusal as RateLimiterRes;
  });
  return { uses: counted.consumedPoints, msBeforeNext: counted.msBeforeNext };
}
