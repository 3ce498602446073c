import { execFileSync } from "node:child_process";
import { expect, test } from "../../e2e/support/fixtures";
import { type Gatehouse, startGatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { addPerson, openSession } from "../../e2e/support/people";

// F140, FLT-06: several processes share one port. One that is killed is replaced, one after the other is
// replaced on SIGHUP, and nobody notices either.

const METRICS_TOKEN = "what-the-scraper-of-these-tests-has";

let gatehouse: Gatehouse;

test.beforeAll(async () => {
  gatehouse = await startGatehouse("workers", { workers: 2, environment: { METRICS_TOKEN } });
});

test.afterAll(() => gatehouse.stop());

const workers = (): number[] =>
  execFileSync("ps", ["-o", "pid=", "--ppid", String(gatehouse.pid)], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => (line.trim() === "" ? [] : [Number(line)]));

const metrics = async (): Promise<string> => {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  return (await send(gatehouse.url, { path: "/api/metrics", headers })).text;
};

test("what every worker has counted is scraped from any of them", async () => {
  expect(workers()).toHaveLength(2);
  const counted = async () =>
    Number(
      /^gatehouse_http_request_duration_seconds_count\{route="api",status="4xx"\} (\d+)$/m.exec(
        await metrics(),
      )?.[1] ?? 0,
    );
  const before = await counted();
  for (let count = 0; count < 10; count += 1) await send(gatehouse.url, { path: "/api/v1/me" });
  expect((await counted()) - before).toBe(10);
});

test("a worker that is killed is replaced, and its work in the background goes on", async () => {
  test.setTimeout(120_000);
  const person = await addPerson(gatehouse.database);
  const cookie = `gatehouse_session=${await openSession(gatehouse.database, person.id)}`;
  const status = async () =>
    (await send(gatehouse.url, { path: "/api/v1/me", headers: { cookie } })).status;
  const [pid = 0] = workers();
  process.kill(pid, "SIGKILL");
  await expect.poll(() => workers().filter((one) => one !== pid)).toHaveLength(2);
  // The other one serves on meanwhile.
  await expect.poll(() => status().catch(() => 0)).toBe(200);
  // Sealing is work in the background, of whichever worker is chosen.
  const unsealed = async () =>
    (await gatehouse.database.query<{ n: number }>("SELECT count(*)::int AS n FROM audit_unsealed"))
      .rows[0]?.n;
  await expect.poll(unsealed, { timeout: 30_000 }).toBe(0);
});

test("workers are replaced one after the other, and no request is lost that is safe to retry (FLT-06)", async () => {
  test.setTimeout(180_000);
  const former = workers();
  const statuses: number[] = [];
  const load = new AbortController();
  const ask = () => send(gatehouse.url, { path: "/api/health/live" });
  const callers = Array.from({ length: 4 }, async () => {
    while (!load.signal.aborted) {
      // A kept connection may be closed just as it is used: what asks by GET asks once more (RFC 9110 §9.2.2).
      statuses.push((await ask().catch(ask)).status);
    }
  });
  process.kill(gatehouse.pid, "SIGHUP");
  await expect
    .poll(() => workers().filter((pid) => former.includes(pid)), { timeout: 120_000 })
    .toEqual([]);
  load.abort();
  await Promise.all(callers);
  expect(workers()).toHaveLength(2);
  expect(statuses.length).toBeGreaterThan(20);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});
