import { afterEach, expect, test, vi } from "vitest";
import { answerMetricsRequest } from "@/app/api/metrics/metrics";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { answerWebRequest } from "@/lib/platform/http/web-mount";
import { observeRequest } from "@/lib/platform/metrics/metrics";
import { routeClassOf } from "@/lib/platform/metrics/route-class";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest } from "@/tests/support/builders";

const TOKEN = "what-the-scraper-was-given";
const send = serveMachinePaths();

const withToken = (metricsToken: string | null) => Object.assign(getConfig(), { metricsToken });
afterEach(() => {
  withToken(null);
});

const scrape = (authorization?: string, method = "GET") =>
  answerWebRequest(
    new Request(`${getConfig().origin}/api/metrics`, {
      method,
      headers: authorization === undefined ? {} : { authorization },
    }),
    answerMetricsRequest,
  );

/** Every sample of a scrape, by its name and labels as they are written. */
async function samples(): Promise<Map<string, number>> {
  withToken(TOKEN);
  const text = await (await scrape(`Bearer ${TOKEN}`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test("without METRICS_TOKEN there is nothing, with it nothing for whoever does not bring it (F137)", async () => {
  expect((await scrape()).status).toBe(404);
  expect((await scrape("Bearer ")).status).toBe(404);
  withToken(TOKEN);
  for (const wrong of [undefined, "Bearer", "Bearer other", `Basic ${TOKEN}`, TOKEN]) {
    const answer = await scrape(wrong);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(await answer.text()).not.toContain("gatehouse_");
  }
  const right = await scrape(`Bearer ${TOKEN}`);
  expect(right.status).toBe(200);
  expect(right.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(right.headers.get("cache-control")).toContain("no-store");
  expect((await scrape(`Bearer ${TOKEN}`, "DELETE")).status).toBe(405);
});

test("sign-ins, refusals, answers and what waits are counted (F137)", async () => {
  const before = await samples();
  const event = { outcome: "failure", actor: { type: "anonymous" } } as const;
  await recordStandaloneEvent({ ...event, action: "session.rejected" }, aRequest());
  await recordStandaloneEvent({ ...event, action: "x.denied", outcome: "denied" }, aRequest());
  observeRequest(routeClassOf("GET", "/api/v1/users/0192aaaa?secret=1"), 404, 0.004);
  await pool().query(
    `INSERT INTO outbox (id, channel, kind, recipient, subject, text, html)
     VALUES (gen_random_uuid(), 'mail', 'k', 'a@example.com', 's', 't', 'h')`,
  );
  const after = await samples();
  const risen = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(risen('gatehouse_sign_ins_total{outcome="failure"}')).toBe(1);
  expect(risen("gatehouse_denials_total")).toBe(1);
  expect(risen('gatehouse_http_request_duration_seconds_count{route="api",status="4xx"}')).toBe(1);
  expect(after.get('gatehouse_outbox_messages{channel="mail",state="due"}')).toBe(1);
  expect(after.get("gatehouse_database_up")).toBe(1);
  expect(after.get('gatehouse_database_connections{state="used"}')).toBeGreaterThanOrEqual(0);
  expect(after.get("nodejs_eventloop_lag_p99_seconds")).toBeGreaterThanOrEqual(0);
  expect(after.get("process_resident_memory_bytes")).toBeGreaterThan(0);
});

test("tokens are counted as the authorization server issues them", async () => {
  const before = await samples();
  const service = { name: "Reports", kind: "service", scopes: ["api:read"] } as const;
  const { clientId, secret } = await aClient({ ...service, scopes: [...service.scopes] });
  const authorization = basic(clientId, secret);
  const answer = await post(
    send,
    "/token",
    { grant_type: "client_credentials" },
    { authorization },
  );
  expect(answer.status).toBe(200);
  const name = 'gatehouse_tokens_issued_total{kind="client"}';
  expect(((await samples()).get(name) ?? 0) - (before.get(name) ?? 0)).toBe(1);
});

test("no label holds an id, an address or a path", async () => {
  observeRequest(routeClassOf("GET", "/admin/users/0192f0c0-aaaa-7bbb-8ccc-0123456789ab"), 200, 1);
  observeRequest(routeClassOf("POST", "/sign-in?returnTo=/secret"), 303, 1);
  for (const name of (await samples()).keys()) {
    for (const [, value = ""] of name.matchAll(/="([^"]*)"/g)) {
      expect(value).toMatch(/^(?:[\w .+-]{1,40}|)$/);
      expect(value).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    }
  }
});

test("a database that is gone is told, and fails no scrape (FLT-10)", async () => {
  const query = vi.spyOn(pool(), "query").mockReturnValue(new Promise<never>(() => {}) as never);
  const told = await samples();
  query.mockRestore();
  expect(told.get("gatehouse_database_up")).toBe(0);
  expect([...told.keys()].filter((name) => name.startsWith("gatehouse_outbox"))).toEqual([]);
});
