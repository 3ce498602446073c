import "server-only";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";
import { type Count, countBy, type Terms } from "@/lib/platform/rate-limit/count";

const limiters = () => processSingleton("limiters", () => new Map<string, RateLimiterPostgres>());

export function databaseLimiter({ name, pointsMax, windowSeconds }: Terms): RateLimiterPostgres {
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

export const countInDatabase = (terms: Terms, key: string, uses: number): Promise<Count> =>
  countBy(databaseLimiter(terms), key, uses);
