import { beforeAll, expect, test } from "vitest";
import { answerApiRequest } from "@/app/api/dispatch";
import { ENDPOINTS } from "@/app/api/table";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import type { Reply } from "@/lib/platform/http/reply";
import { anInstance, aSession, aUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { race } from "@/tests/support/race";

let cookie: string;

beforeAll(async () => {
  await anInstance();
  cookie = await aSession((await aUser()).id);
});

const problemOf = (reply: Reply) => JSON.parse(reply.body ?? "null") as Record<string, unknown>;

const SAMPLE_ID = "01900000-0000-7000-8000-000000000000";
const protectedEndpoints = ENDPOINTS.filter(({ access }) => access !== "anonymous").map(
  ({ method, path }) => ({ method, path: path.replace(/\{\w+\}/g, SAMPLE_ID) }),
);

test.each(protectedEndpoints)("$method $path answers 401 without a session", async (request) => {
  for (const value of [undefined, "nonsense", "A".repeat(43)]) {
    const reply = await callApi({ ...request, cookie: value });
    expect(reply.status).toBe(401);
    expect(reply.headers["www-authenticate"]).toMatch(/^Bearer resource_metadata="/);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(problemOf(reply)).toMatchObject({ code: "unauthenticated", status: 401 });
  }
});

test.each(protectedEndpoints.filter(({ method }) => method !== "GET"))(
  "$method $path refuses another site's request (ATK-03)",
  async (request) => {
    for (const origin of [
      null,
      "null",
      "https://evil.example",
      `${getConfig().origin}.evil.example`,
    ]) {
      const reply = await callApi({ ...request, cookie, origin });
      expect(reply.status).toBe(403);
      expect(problemOf(reply)).toMatchObject({ code: "foreign_origin" });
    }
  },
);

test("a session that lay idle for too long is asked to confirm, as RFC 9470 says (NIST-16)", async () => {
  const user = await aUser();
  const idle = await aSession(user.id);
  const before = new Date(Date.now() - 61 * 60_000);
  await prisma().session.updateMany({
    where: { userId: user.id },
    data: { lastSeenAt: before, authTime: before },
  });
  const ask = () => callApi({ method: "GET", path: "/api/v1/me", cookie: idle });
  const { defaultOrganizationId } = await prisma().instance.findFirstOrThrow();
  await prisma().signInPolicy.create({
    data: { organizationId: defaultOrganizationId, sessionLevel: "aal2" },
  });
  try {
    for (const reply of [await ask(), await ask()]) {
      expect(reply.status).toBe(401);
      expect(reply.headers["www-authenticate"]).toMatch(
        /^Bearer error="insufficient_user_authentication", max_age="3600", resource_metadata="/,
      );
    }
  } finally {
    await prisma().signInPolicy.deleteMany();
  }
  expect((await ask()).status).toBe(200);
});

test.each(ENDPOINTS.filter(({ access }) => typeof access === "object"))(
  "$method $path answers 403 with a decision to whoever has no role",
  async ({ method, path }) => {
    const nobody = await aSession((await aUser({ roles: [] })).id);
    const reply = await callApi({
      method,
      path: path.replace(/\{\w+\}/g, SAMPLE_ID),
      cookie: nobody,
    });
    expect(reply.status).toBe(403);
    const { decisionId, code } = problemOf(reply);
    expect(code).toBe("forbidden");
    expect(await prisma().auditEvent.count({ where: { id: String(decisionId) } })).toBe(1);
  },
);

test("what is not in the table does not exist, and a wrong method says which are right", async () => {
  expect((await callApi({ method: "GET", path: "/api/v1/nothing", cookie })).status).toBe(404);
  const reply = await callApi({ method: "DELETE", path: "/api/v1/me", cookie });
  expect(reply.status).toBe(405);
  expect(reply.headers["allow"]).toBe("GET");
});

const REGISTER = { method: "POST", path: "/api/v1/auth/register" } as const;

test.each([
  [415, "unsupported_media_type", { contentType: "text/plain", body: "{}" }],
  [415, "unsupported_media_type", { contentType: null, body: "{}" }],
  [400, "malformed_json", { body: "{" }],
  [400, "malformed_json", { body: "" }],
  [413, "body_too_large", { body: JSON.stringify({ email: "x".repeat(70_000) }) }],
  [422, "validation_failed", { body: "[]" }],
  [422, "validation_failed", { body: "null" }],
  [422, "validation_failed", { body: '{"email":{"not":""},"password":"x"}' }],
  [422, "validation_failed", { body: '{"email":["a@example.com"],"password":"long enough"}' }],
  [
    422,
    "validation_failed",
    { body: '{"email":"a@example.com","password":"four unlikely words","status":"active"}' },
  ],
  [422, "validation_failed", { body: '{"email":"a@example.com","password":"password123"}' }],
  [422, "validation_failed", { body: `${"[".repeat(5_000)}${"]".repeat(5_000)}` }],
])("a bad body is answered with %i %s", async (status, code, request) => {
  const reply = await callApi({ ...REGISTER, ...request });
  expect(reply.status).toBe(status);
  expect(problemOf(reply)).toMatchObject({ code, status });
});

test("registering answers alike for a known and an unknown address (ATK-38)", async () => {
  const { email } = await aUser();
  const answers = await Promise.all(
    [email, "somebody-new@example.com"].map((address) =>
      callApi({
        ...REGISTER,
        body: JSON.stringify({ email: address, password: "four unlikely words" }),
      }),
    ),
  );
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [202, '{"status":"accepted"}'],
    [202, '{"status":"accepted"}'],
  ]);
});

test("every answer forbids caching, sniffing and framing, and bears the request's id", async () => {
  for (const path of ["/api/v1/me", "/api/v1/nothing", "/api/v1/openapi.json"]) {
    const { headers } = await callApi({ method: "GET", path, cookie });
    expect(headers["cache-control"]).toBe("private, no-store");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test("the description names every endpoint, with its permission", async () => {
  const { body } = await callApi({ method: "GET", path: "/api/v1/openapi.json" });
  const { openapi, paths } = JSON.parse(body ?? "") as {
    openapi: string;
    paths: Record<string, Record<string, { "x-permission"?: string }>>;
  };
  expect(openapi).toBe("3.1.0");
  for (const { method, path, access } of ENDPOINTS) {
    if (path.endsWith("openapi.json")) continue;
    const operation = paths[path]?.[method.toLowerCase()];
    expect(operation?.["x-permission"]).toBe(typeof access === "object" ? access.key : undefined);
  }
});

test("a handler that fails tells nobody why", async () => {
  const reply = await answerApiRequest({
    method: "GET",
    path: "/api/v1/me",
    query: new URLSearchParams(),
    facts: { requestId: "r", decisionId: "d", ip: null, userAgent: null },
    target: null,
    headerNames: () => [],
    header: () => null,
    cookie: () => {
      throw new Error("canary");
    },
    text: async () => "",
  });
  expect(reply.status).toBe(500);
  expect(reply.body).not.toContain("canary");
});

test("changes through one route are limited for each user (F117)", async () => {
  const busy = await aSession((await aUser({ roles: ["Manager"] })).id);
  const path = `/api/v1/invoices/${SAMPLE_ID}`;
  const replies = await race(310, () => callApi({ method: "DELETE", path, cookie: busy }));
  const limited = replies.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThanOrEqual(10);
  expect(Number(limited[0]?.headers["retry-after"])).toBeGreaterThan(0);
  expect((await callApi({ method: "GET", path: "/api/v1/me", cookie: busy })).status).toBe(200);
  const other = await aSession((await aUser({ roles: ["Manager"] })).id);
  expect((await callApi({ method: "DELETE", path, cookie: other })).status).not.toBe(429);
});
