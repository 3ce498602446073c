import "server-only";
import { isPublicHost } from "@/lib/platform/http/public-host";
import { examineRedis } from "@/lib/platform/rate-limit/examine-redis";

/** Nobody is kept from serving by it: without Redis the database counts. */
export async function checkRedis(url: string | null): Promise<string | null> {
  if (url === null) return null;
  const { protocol, host, hostname } = new URL(url);
  if (protocol === "redis:" && (await isPublicHost(hostname))) {
    return `REDIS_URL reaches ${host} over the internet unencrypted, with its password. Use rediss://, or a network of your own.`;
  }
  try {
    const findings = await examineRedis(url);
    return findings?.evicts === true
      ? `Redis at ${host} drops keys when it is full (maxmemory-policy ${findings.policy}): limits would begin anew. Set it to noeviction.`
      : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it failed";
    return `Redis at ${host} of REDIS_URL does not count: ${reason}. The database does meanwhile. Mend it, or remove REDIS_URL.`;
  }
}
