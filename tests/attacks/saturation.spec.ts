import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { expect, test } from "../../e2e/support/fixtures";
import { type Gatehouse, startGatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { addPerson, openSession } from "../../e2e/support/people";

// FLT-11: a table that somebody has locked holds every connection of a small pool. Nothing may pile
// up behind it, and nobody may be let in because of it (INV-5).

const CONNECTIONS = 2;
const CALLERS = 60;
const METRICS_TOKEN = "what-the-scraper-of-these-tests-has";

let gatehouse: Gatehouse;
let holder: PoolClient | undefined;

test.beforeAll(async () => {
  gatehouse = await startGatehouse("saturation", {
    environment: { DATABASE_POOL_SIZE: String(CONNECTIONS), METRICS_TOKEN },
  });
});

test.afterAll(async () => {
  await holder?.query("ROLLBACK");
  holder?.release();
  await gatehouse.stop();
});

async function lockSessions(): Promise<PoolClient> {
  const client = await gatehouse.database.connect();
  await client.query("BEGIN");
  await client.query("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE");
  return client;
}

test("while a lock holds every connection, what comes is refused soon, health is answered, and then all is well", async () => {
  test.setTimeout(60_000);
  const person = await addPerson(gatehouse.database, { roles: ["Admin"] });
  const cookie = `gatehouse_session=${await openSession(gatehouse.database, person.id)}`;
  const me = () => send(gatehouse.url, { path: "/api/v1/me", headers: { cookie } });
  const live = () => send(gatehouse.url, { path: "/api/health/live" });
  const metrics = () =>
    send(gatehouse.url, {
      path: "/api/metrics",
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    });
  await expect.poll(async () => (await me()).status).toBe(200);

  holder = await lockSessions();
  const lockedAt = Date.now();
  // These take the connections, and those behind them wait for one until it is too long.
  const early: ReturnType<typeof me>[] = [];
  for (let count = 0; count < CONNECTIONS * 12; count += 1) {
    early.push(me());
    // Callers of one moment share a lookup, and with it a place in the queue.
    await sleep(20);
  }
  await expect
    .poll(async () => /gatehouse_database_waiting (\d+)/.exec((await metrics()).text)?.[1])
    .not.toBe("0");
  // Until the queue has stood still for as long as it may, and before those in it give up.
  await sleep(Math.max(0, lockedAt + 2_800 - Date.now()));
  const startedAt = Date.now();
  const late = await Promise.all(Array.from({ length: CALLERS }, me));
  const tookMs = Date.now() - startedAt;
  expect(late.filter(({ status }) => status === 503)).toHaveLength(CALLERS);
  for (const { headers, json } of late) {
    expect(headers["retry-after"]).toMatch(/^\d+$/);
    expect(json()["code"]).toBe("unavailable");
  }
  // One after the other through the pool they would take eight seconds a pair.
  expect(tookMs).toBeLessThan(5_000);
  expect((await live()).status).toBe(200);
  expect((await metrics()).text).toMatch(/gatehouse_requests_shed_total\{by="database"\} [1-9]/);

  await holder.query("ROLLBACK");
  holder.release();
  holder = undefined;
  const first = await Promise.all(early);
  expect(first.every(({ status }) => status === 200 || status === 503)).toBe(true);
  await expect.poll(async () => (await me()).status, { timeout: 10_000 }).toBe(200);
});
