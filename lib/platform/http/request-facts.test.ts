import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

// What is known of a request is read at the door and handed to Next by headers:
// both ends are looked at here, each time with a configuration of its own.

const OUTSIDE = "0192f0c1-2d3e-7a4b-8c5d-6e7f80910111";
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
  vi.stubEnv("AUTH_SECRET", "a".repeat(43));
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("LOG_LEVEL", "silent");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function aMessage(headers: Record<string, string>): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  Object.assign(message.headers, headers);
  return message;
}

async function factsAtTheDoor(proxies: number, headers: Record<string, string>) {
  vi.stubEnv("TRUST_PROXY", String(proxies));
  const { factsOf } = await import("@/lib/platform/http/node-mount");
  return factsOf(aMessage(headers));
}

test("a proxy's request id is kept, and names no decision: whoever chose it may choose it twice", async () => {
  const first = await factsAtTheDoor(1, { "x-request-id": OUTSIDE });
  const second = await factsAtTheDoor(1, { "x-request-id": OUTSIDE });
  expect([first.requestId, second.requestId]).toEqual([OUTSIDE, OUTSIDE]);
  expect(first.decisionId).toMatch(UUID7);
  expect(second.decisionId).toMatch(UUID7);
  expect(new Set([first.decisionId, second.decisionId, OUTSIDE]).size).toBe(3);
});

test.each([
  [0, { "x-request-id": OUTSIDE }],
  [1, { "x-request-id": "anything else" }],
  [1, {}],
])(
  "an id of our own names request and decision alike, with %i proxies and %j",
  async (proxies, headers) => {
    const { requestId, decisionId } = await factsAtTheDoor(proxies, headers);
    expect(requestId).toMatch(UUID7);
    expect(requestId).not.toBe(OUTSIDE);
    expect(decisionId).toBe(requestId);
  },
);

test("Next is told the facts that the door knows, also when it asks itself once more", async () => {
  vi.stubEnv("TRUST_PROXY", "1");
  const { prepareForNext } = await import("@/lib/platform/http/next-mount");
  const { factsFromHeaders, LANE_HEADERS } = await import("@/lib/platform/http/lane");
  const message = aMessage({
    "x-request-id": OUTSIDE,
    "x-forwarded-for": "203.0.113.9",
    "user-agent": "Browser",
    // A client's own word for it.
    [LANE_HEADERS.decisionId]: OUTSIDE,
  });
  const seen = () => factsFromHeaders((name) => message.headers[name]?.toString() ?? null);
  prepareForNext(message, new ServerResponse(message));
  const first = seen();
  expect(first).toMatchObject({ requestId: OUTSIDE, ip: "203.0.113.9", userAgent: "Browser" });
  expect(first.decisionId).toMatch(UUID7);
  expect(first.decisionId).not.toBe(OUTSIDE);
  prepareForNext(message, new ServerResponse(message));
  expect(seen()).toEqual(first);
});

test("without our own server in front, no client names a decision", async () => {
  const { factsFromHeaders, LANE_HEADERS } = await import("@/lib/platform/http/lane");
  const claims = new Headers({ "x-request-id": OUTSIDE, [LANE_HEADERS.decisionId]: OUTSIDE });
  const facts = factsFromHeaders((name) => claims.get(name));
  expect(facts.requestId).toBe(OUTSIDE);
  expect(facts.decisionId).toMatch(UUID7);
  expect(facts.decisionId).not.toBe(OUTSIDE);
});

test("of a user agent no more is known than is worth keeping", async () => {
  const headers = { "user-agent": "x".repeat(16_000) };
  expect((await factsAtTheDoor(0, headers)).userAgent).toBe("x".repeat(400));
  const { factsFromHeaders } = await import("@/lib/platform/http/lane");
  const behindPlatform = new Headers(headers);
  expect(factsFromHeaders((name) => behindPlatform.get(name)).userAgent).toBe("x".repeat(400));
});
