import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkRedis } from "@/app/_health/redis-check";
import {
  isRedisInstalled,
  NEEDS_REDIS,
  type RedisServer,
  startRedis,
} from "@/tests/support/redis-server";

let redis: RedisServer;
const installed = isRedisInstalled();

beforeAll(async () => {
  if (installed) redis = await startRedis();
});
beforeEach(({ skip }) => skip(!installed, NEEDS_REDIS));
afterAll(async () => {
  if (installed) await redis.stop();
});

test("none, and one that counts, are without a finding", async () => {
  expect(await checkRedis(null)).toBeNull();
  expect(await checkRedis(redis.url)).toBeNull();
  expect(await checkRedis(redis.url.replace("127.0.0.1", "localhost"))).toBeNull();
});

test("one that is away is found, without its password", async () => {
  const found = await checkRedis("redis://gatehouse:hunter2@127.0.0.1:1");
  expect(found).toContain("127.0.0.1:1 of REDIS_URL does not count");
  expect(found).toContain("ECONNREFUSED");
  expect(found).not.toContain("hunter2");
});

test("one that hangs is found, and not waited for", async () => {
  redis.freeze();
  const startedAt = performance.now();
  expect(await checkRedis(redis.url)).toContain("does not count");
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  redis.thaw();
});

test("one that may only be read is found", async () => {
  redis.command("REPLICAOF", "127.0.0.1", "1");
  expect(await checkRedis(redis.url)).toContain("READONLY");
  redis.command("REPLICAOF", "NO", "ONE");
});

test("one that evicts keys is found, and one that could, but is never full, is not", async () => {
  redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  expect(await checkRedis(redis.url)).toBeNull();
  redis.command("CONFIG", "SET", "maxmemory", "50mb");
  expect(await checkRedis(redis.url)).toContain("maxmemory-policy allkeys-lru");
  redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
  expect(await checkRedis(redis.url)).toBeNull();
});

test("one on the internet without TLS is found before it is asked", async () => {
  const found = await checkRedis("redis://:hunter2@203.0.114.9:6379");
  expect(found).toContain("unencrypted");
  expect(found).not.toContain("hunter2");
});
