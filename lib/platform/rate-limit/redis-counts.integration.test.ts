import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { log } from "@/lib/platform/log";
import { examineRedis } from "@/lib/platform/rate-limit/examine-redis";
import { RedisCounts } from "@/lib/platform/rate-limit/redis-counts";
import {
  aServerThatSays,
  isRedisInstalled,
  NEEDS_REDIS,
  type RedisServer,
  startRedis,
} from "@/tests/support/redis-server";

const TERMS = { name: "test", pointsMax: 10, windowSeconds: 60 };

/** What one connection to a server makes of it. */
async function withCounts<T>(url: string, use: (counts: RedisCounts) => Promise<T>): Promise<T> {
  const counts = new RedisCounts(url);
  try {
    await counts.ready();
    return await use(counts);
  } finally {
    await counts.close();
  }
}

const countAt = (url: string) => withCounts(url, (counts) => counts.count(TERMS, "key", 1));

describe("a server that says what it likes", () => {
  const answerTo = async (line: string) => {
    const server = await aServerThatSays(line);
    try {
      return await countAt(server.url);
    } finally {
      server.stop();
    }
  };

  test("is believed when it could be true", async () => {
    expect(await answerTo("*2\r\n:3\r\n:1000")).toEqual({ uses: 3, msBeforeNext: 1_000 });
  });

  test.each([
    "+OK",
    ":1",
    "$-1",
    "*-1",
    "*0",
    "*2\r\n:0\r\n:1000",
    "*2\r\n:-7\r\n:1000",
    "*2\r\n$3\r\nabc\r\n:1000",
    "*2\r\n:1\r\n:-1",
    "*2\r\n:1\r\n$4\r\n1000",
    "*2\r\n:1\r\n:99999999999",
    "-MOVED 3999 127.0.0.1:1",
    "-READONLY You can't write against a read only replica.",
    "-NOAUTH Authentication required.",
    "-NOPERM this user has no permissions",
    "-WRONGTYPE Operation against a key holding the wrong kind of value",
    "-LOADING Redis is loading the dataset in memory",
    "HTTP/1.1 400 Bad Request",
  ])("is not taken at its word when that is %j", async (line) => {
    expect(await answerTo(line)).toBeNull();
  });
});

test("what is no reply ends the connection: those that follow could be to other questions", async () => {
  const server = await aServerThatSays("no reply", "*2\r\n:3\r\n:1000");
  await withCounts(server.url, async (counts) => {
    expect(await counts.count(TERMS, "a", 1)).toBeNull();
    await expect.poll(server.connections).toBe(2);
    await counts.ready();
    expect(await counts.count(TERMS, "b", 1)).toEqual({ uses: 3, msBeforeNext: 1_000 });
  });
  server.stop();
});

test("a start does not wait for a server that takes connections and says nothing", async () => {
  const server = net.createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const startedAt = performance.now();
  const counts = new RedisCounts(`redis://user:password@127.0.0.1:${port}`);
  await counts.ready();
  expect(await counts.count(TERMS, "key", 1)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  await counts.close();
  server.close();
});

test("an outage is logged once a minute, without the password", async () => {
  const warn = vi.spyOn(log, "warn");
  await withCounts("redis://gatehouse:hunter2@127.0.0.1:1", async (counts) => {
    for (let request = 0; request < 20; request += 1) await counts.count(TERMS, "key", 1);
  });
  expect(warn).toHaveBeenCalledTimes(1);
  const [message, { code, error } = {}] = warn.mock.calls[0] ?? [];
  expect([message, code]).toEqual(["Redis does not count, and the database does", "unreachable"]);
  expect(String(error)).toContain("ECONNREFUSED");
  expect(JSON.stringify(warn.mock.calls) + String(error)).not.toContain("hunter2");
});

describe("a real server", () => {
  let redis: RedisServer;
  const installed = isRedisInstalled();

  beforeAll(async () => {
    if (installed) redis = await startRedis();
  });
  beforeEach(({ skip }) => skip(!installed, NEEDS_REDIS));
  afterAll(async () => {
    if (installed) await redis.stop();
  });

  const clients = () => redis.command("CLIENT", "LIST", "TYPE", "normal").split("\n").length;

  test("counts from 1, and for no longer than the window", async () => {
    await withCounts(redis.url, async (counts) => {
      expect(await counts.count(TERMS, "a", 1)).toMatchObject({ uses: 1 });
      expect(await counts.count(TERMS, "a", 3)).toMatchObject({ uses: 4 });
      expect(await counts.count(TERMS, "b", 1)).toMatchObject({ uses: 1 });
    });
    const left = Number(redis.command("PTTL", "gatehouse:limit:test:a"));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  test("is taken leave of", async () => {
    // Whoever asks is one of them.
    const before = clients();
    const counts = new RedisCounts(redis.url);
    await counts.ready();
    expect(clients()).toBe(before + 1);
    await counts.close();
    await expect.poll(clients).toBe(before);
  });

  test("needs few rights of its user", async () => {
    const rights = ["+eval", "+set", "+incrby", "+pttl", "+expire", "+ping"];
    redis.command("ACL", "SETUSER", "few", "on", ">pw", "~gatehouse:limit:*", ...rights);
    const url = `redis://few:pw@127.0.0.1:${redis.port}`;
    expect(await countAt(url)).toMatchObject({ uses: expect.any(Number) });
    expect(await examineRedis(url)).toBeNull();
  });

  test("that refuses the password does not count", async () => {
    redis.command("CONFIG", "SET", "requirepass", "right");
    const { port } = redis;
    expect(await countAt(`redis://:wrong@127.0.0.1:${port}`)).toBeNull();
    expect(await countAt(redis.url)).toBeNull();
    expect(await countAt(`redis://:right@127.0.0.1:${port}`)).not.toBeNull();
  });
});
