import "server-only";
import "#node-only";
import { getConfig } from "@/lib/platform/config";
import { processSingleton } from "@/lib/platform/process-singleton";
import type { Count, Terms } from "@/lib/platform/rate-limit/count";
import { countInDatabase } from "@/lib/platform/rate-limit/database-counts";
import { RedisCounts } from "@/lib/platform/rate-limit/redis-counts";
import { SeenCounts } from "@/lib/platform/rate-limit/seen-counts";

const stores = () =>
  processSingleton("request-counts", () => {
    const { redisUrl } = getConfig();
    return redisUrl === null ? null : { redis: new RedisCounts(redisUrl), seen: new SeenCounts() };
  });

/** Counts in Redis where there is one that answers, and in the database otherwise: never nowhere. */
export async function countRequest(terms: Terms, key: string, uses: number): Promise<Count> {
  const shared = stores();
  if (shared === null) return countInDatabase(terms, key, uses);
  const { redis, seen } = shared;
  const own = `${terms.name}:${key}`;
  const counted = await redis.count(terms, key, uses);
  return counted === null
    ? seen.addDatabase(own, await countInDatabase(terms, key, uses))
    : seen.addRedis(own, counted);
}

/** Connects, so that the first requests find Redis as the later ones do. Never fails. */
export async function openRequestCounts(): Promise<void> {
  await stores()?.redis.ready();
}

export async function closeRequestCounts(): Promise<void> {
  await stores()?.redis.close();
}
