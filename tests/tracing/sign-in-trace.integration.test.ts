import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { startTracing, stopTracing } from "@/lib/platform/tracing/start-tracing";
import { anInstance, aUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import {
  aTraceCollector,
  attributeOf,
  type ReceivedSpan,
  type TraceCollector,
} from "@/tests/support/trace-collector";
import { aTracedServer } from "@/tests/support/traced-server";

const SERVER = 2;
const CANARY = "canary-that-nobody-may-read";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = `00-${TRACE}-b7ad6b7169203331-01`;

let collector: TraceCollector;
let server: Awaited<ReturnType<typeof aTracedServer>>;

beforeAll(async () => {
  collector = await aTraceCollector();
  // So few that twenty sign-ins wait for each other's connections.
  vi.stubEnv("DATABASE_POOL_SIZE", "5");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url);
  await anInstance();
  await startTracing();
  server = await aTracedServer();
});

afterAll(async () => {
  await server.close();
  await stopTracing();
  await collector.close();
});

afterEach(() => {
  Object.assign(getConfig(), { trustedProxies: 0 });
  collector.spans.length = 0;
  collector.bytes.length = 0;
});

async function signIn(
  { email, password }: { email: string; password: string },
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${server.url}/api/v1/auth/login?token=${CANARY}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: getConfig().origin, ...headers },
    body: JSON.stringify({ email, password }),
  });
  const text = await answer.text();
  return { status: answer.status, requestId: answer.headers.get("x-request-id"), answer, text };
}

const rootsOf = (spans: readonly ReceivedSpan[]) =>
  spans.filter(({ parentSpanId }) => !parentSpanId);

/** The spans of so many traces that are over, by the id of each. */
async function received(count: number): Promise<Map<string, ReceivedSpan[]>> {
  await expect.poll(() => rootsOf(collector.spans).length, { timeout: 10_000 }).toBe(count);
  return Map.groupBy(collector.spans, ({ traceId }) => traceId);
}

async function receivedOne(): Promise<{ root: ReceivedSpan; spans: ReceivedSpan[] }> {
  const [spans = []] = [...(await received(1)).values()];
  const [root = expect.unreachable()] = rootsOf(spans);
  return { root, spans };
}

test("one sign-in is one trace, with its statements and the hash of the password (F138)", async () => {
  const { status, requestId } = await signIn(await aUser());
  expect(status).toBe(200);
  const { root, spans } = await receivedOne();
  expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([root.traceId]));
  expect(root).toMatchObject({ name: "POST /api/v1/auth/login", kind: SERVER });
  expect(attributeOf(root, "http.request.method")).toBe("POST");
  expect(attributeOf(root, "http.route")).toBe("/api/v1/auth/login");
  expect(attributeOf(root, "http.response.status_code")).toBe(200);
  expect(attributeOf(root, "gatehouse.request.id")).toBe(requestId);
  expect(attributeOf(root, "gatehouse.decision.id")).toMatch(/^[0-9a-f-]{36}$/);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  for (const { parentSpanId } of spans) expect(!parentSpanId || ids.has(parentSpanId)).toBe(true);
  const statements = spans.filter((span) => attributeOf(span, "db.system.name") === "postgresql");
  expect(statements.length).toBeGreaterThan(5);
  expect(statements.map(({ name }) => name)).toContain("INSERT sessions");
  expect(spans.filter(({ name }) => name === "password verify")).toHaveLength(1);
});

/** Whatever is given to the database while `work` goes on. */
async function valuesDuring(work: () => Promise<unknown>): Promise<string[]> {
  const values: string[] = [];
  const query = vi.spyOn(pg.Client.prototype, "query");
  await work();
  for (const [config, given] of query.mock.calls as unknown as [unknown, unknown][]) {
    const held = typeof config === "object" && config !== null && "values" in config;
    const all = held ? config.values : given;
    for (const value of Array.isArray(all) ? all.flat() : []) {
      if (Buffer.isBuffer(value)) values.push(value.toString("hex"), value.toString("base64"));
      else values.push(value instanceof Date ? value.toISOString() : String(value));
    }
  }
  query.mockRestore();
  return values;
}

test("no byte of a trace holds a secret, an address, or any value of a statement (F138)", async () => {
  const user = await aUser();
  let known: string[] = [];
  const values = await valuesDuring(async () => {
    const headers = {
      cookie: `gatehouse_session=${CANARY}; gatehouse_device=${CANARY}`,
      authorization: `Bearer ${CANARY}`,
      "user-agent": CANARY,
      "x-request-id": CANARY,
      traceparent: CALLER,
    };
    const { answer, text, requestId } = await signIn(user, headers);
    const { access_token: accessToken } = JSON.parse(text) as { access_token: string };
    const refreshToken = /gatehouse_refresh=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "");
    await signIn({ ...user, password: `${CANARY}-wrong` });
    await signIn({ email: `${CANARY}@example.com`, password: user.password });
    await fetch(`${server.url}/api/v1/users/${CANARY}?q=${CANARY}`);
    await fetch(`${server.url}/${CANARY}`);
    await fetch(`${server.url}/oidc/auth/${CANARY}?code=${CANARY}`);
    expect(accessToken.length).toBeGreaterThan(20);
    expect(refreshToken?.[1]?.length).toBeGreaterThan(20);
    known = [accessToken, refreshToken?.[1] ?? "", user.id, String(requestId)];
  });
  await received(6);
  const sent = collector.bytes.join("\n");
  for (const secret of [CANARY, TRACE, user.email, user.password, user.id, ...known.slice(0, 2)]) {
    expect(sent).not.toContain(secret);
  }
  // The ids of a request are told, and so is when it was; words of ours are no values of anybody.
  const told = new Set(
    collector.spans.flatMap(({ attributes }) =>
      attributes
        .filter(({ key }) => /^gatehouse\.(request|decision)\.id$/.test(key))
        .map(({ value }) => value.stringValue),
    ),
  );
  const ofSomebody = values.filter(
    (value) => value.length >= 6 && !told.has(value) && !/^([a-z_.:-]+|\d+)$/i.test(value),
  );
  expect(ofSomebody.length).toBeGreaterThan(20);
  expect(ofSomebody.filter((value) => sent.includes(value))).toEqual([]);
});

test("twenty sign-ins at once are twenty traces, with no span in the wrong one", async () => {
  const users: Awaited<ReturnType<typeof aUser>>[] = [];
  while (users.length < 20) users.push(await aUser());
  const answers = await race(20, (index) => signIn(users[index] ?? expect.unreachable()));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const traces = await received(20);
  expect(traces.size).toBe(20);
  const requestIds = [...traces.values()].map((spans) => {
    const roots = rootsOf(spans);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(roots).toHaveLength(1);
    expect(spans.every(({ parentSpanId }) => !parentSpanId || ids.has(parentSpanId))).toBe(true);
    const named = (name: string) => spans.filter((span) => span.name === name).length;
    expect([named("password verify"), named("INSERT sessions")]).toEqual([1, 1]);
    return attributeOf(roots[0] ?? expect.unreachable(), "gatehouse.request.id");
  });
  expect(new Set(requestIds)).toEqual(new Set(answers.map(({ requestId }) => requestId)));
});

test("a caller's trace is nobody's to believe: it names none, and is linked to behind a trusted proxy alone", async () => {
  const user = await aUser();
  await signIn(user, { traceparent: CALLER });
  const { root } = await receivedOne();
  expect(root.traceId).not.toBe(TRACE);
  expect(root.links).toEqual([]);
  collector.spans.length = 0;
  Object.assign(getConfig(), { trustedProxies: 1 });
  await signIn(user, { traceparent: CALLER });
  const { root: behind } = await receivedOne();
  expect(behind.traceId).not.toBe(TRACE);
  expect(behind.links).toMatchObject([{ traceId: TRACE, spanId: "b7ad6b7169203331" }]);
});

test("outside of a trace a statement makes none", async () => {
  await prisma().user.count();
  await enqueueMail(
    "verify-email",
    "ada@example.com",
    () => ({ subject: "s", paragraphs: ["p"] }),
    prisma(),
  );
  const where = { recipient: "ada@example.com" };
  expect(await prisma().outboxMessage.findFirst({ where })).toMatchObject({ traceparent: null });
  await signIn(await aUser());
  await receivedOne();
});
