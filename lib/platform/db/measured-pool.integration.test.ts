import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { isUnavailable } from "@/lib/platform/db/errors";
import { MeasuredPool } from "@/lib/platform/db/measured-pool";

const CONNECTIONS = 2;

let pool: MeasuredPool;
beforeEach(() => {
  pool = new MeasuredPool({
    connectionString: getConfig().database.url,
    max: CONNECTIONS,
    connectionTimeoutMillis: 5_000,
  });
});
afterEach(() => pool.end());

const ask = (): Promise<string> =>
  pool.query("SELECT 1").then(
    () => "answered",
    (error: unknown) => {
      if (!isUnavailable(error)) throw error;
      return (error as Error).name;
    },
  );

test("a queue that does not move takes nobody more, and all is well when it does (FLT-11)", async () => {
  const held = await Promise.all([pool.connect(), pool.connect()]);
  const early = Array.from({ length: 20 }, ask);
  await sleep(2_700);
  const startedAt = performance.now();
  const late = await Promise.all(Array.from({ length: 100 }, ask));
  // A hundred refusals take less than one of those before them has waited by now.
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(late.filter((answer) => answer === "PoolSaturated")).toHaveLength(100);
  await expect(pool.connect()).rejects.toThrow("every database connection is in use");
  expect(pool.waitingCount).toBe(20);
  for (const client of held) client.release();
  expect(await Promise.all(early)).toEqual(Array.from({ length: 20 }, () => "answered"));
  expect(pool.queueAgeMs).toBe(0);
  expect(await ask()).toBe("answered");
});

test("a queue that moves may be long: five hundred at once on two connections are all answered", async () => {
  const answers = await Promise.all(Array.from({ length: 500 }, ask));
  expect(new Set(answers)).toEqual(new Set(["answered"]));
});

test("few who wait for a database that takes its time are not refused", async () => {
  const held = await pool.connect();
  const other = await pool.connect();
  const waiting = ask();
  await sleep(2_700);
  const next = ask();
  held.release();
  other.release();
  expect(await Promise.all([waiting, next])).toEqual(["answered", "answered"]);
});

test("a queue that moves slowly takes whoever comes, for as long as they can hope to be answered", async () => {
  const slowly = () => pool.query("SELECT pg_sleep(0.1)").then(() => "answered");
  const early = Array.from({ length: 70 }, slowly);
  await sleep(2_700);
  // By now the first of those who wait has waited longer than a queue may stand still.
  expect(pool.queueAgeMs).toBeGreaterThan(2_500);
  const late = Array.from({ length: 5 }, ask);
  expect(new Set(await Promise.all([...early, ...late]))).toEqual(new Set(["answered"]));
});

test("behind somebody who has waited for four seconds nobody waits, however the queue moves", async () => {
  const slowly = () => pool.query("SELECT pg_sleep(0.5)").catch(() => null);
  const early = Array.from({ length: 40 }, slowly);
  await sleep(4_300);
  expect(await ask()).toBe("PoolSaturated");
  await Promise.all(early);
  expect(await ask()).toBe("answered");
});
