import "server-only";
import "#node-only";
import { countBy } from "@/lib/platform/rate-limit/count";
import { createRedisClient } from "@/lib/platform/rate-limit/redis-client";
import { isPlausible, redisLimiter } from "@/lib/platform/rate-limit/redis-counts";

const TRIAL = { name: "doctor", pointsMax: 1, windowSeconds: 1 };
const TIMEOUT_MS = 5_000;

export interface RedisFindings {
  /** Whether it makes room by dropping what has not expired. */
  evicts: boolean;
  policy: string;
}

/**
 * Counts once as the limits do, by a connection of its own, and looks at what the server does when it
 * is full; null where it does not say. Throws what keeps it from counting.
 */
export async function examineRedis(url: string): Promise<RedisFindings | null> {
  const client = createRedisClient(url, { reconnects: false });
  client.on("error", () => {});
  const timer = setTimeout(() => client.destroy(), TIMEOUT_MS);
  try {
    await client.connect();
    const count = await countBy(redisLimiter(client, TRIAL), "trial", 1);
    if (!isPlausible(count, TRIAL, 1)) throw new Error("it answers what is no count");
    // A user of little rights may not ask, and counts all the same.
    return findingsIn(await client.info("memory").catch(() => ""));
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

function findingsIn(info: string): RedisFindings | null {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined) return null;
  const isBounded = !/^maxmemory:0\s*$/m.test(info);
  return { policy, evicts: isBounded && policy !== "noeviction" };
}
