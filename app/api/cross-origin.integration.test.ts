import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { processSingleton } from "@/lib/platform/process-singleton";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import { type ApiCall, callApi } from "@/tests/support/call-api";
import { codeFlow } from "@/tests/support/code-flow";
import { CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const APP = "https://app.example";
const EVIL = "https://evil.example";
const ACAO = "access-control-allow-origin";

let spa: { clientId: string; secret: string };
let cookie: string;
let token: string;
const flow = codeFlow(send, () => spa);

beforeAll(async () => {
  const redirectUris = [CALLBACK];
  const scopes = ["api:read", "api:write"];
  spa = await aClient({ name: "SPA", kind: "single_page", redirectUris, scopes });
  // Others whose tokens are no scripts', or none for the API.
  await aClient({ name: "Web", kind: "web", redirectUris: [`${EVIL}/callback`], scopes });
  await aClient({ name: "Plain", kind: "single_page", redirectUris: ["https://plain.example/"] });
  cookie = await aSession((await aUser({ roles: ["Admin"] })).id);
  const resource = `${getConfig().origin}/api/v1`;
  const given = await flow.tokens(cookie, { resource, scope: "openid api:read api:write" });
  token = given.accessToken;
});

/** What is known for a few seconds is asked anew. */
const forgetOrigins = () => {
  processSingleton<{ known: unknown }>("api-client-origins", () => ({
    known: undefined,
  })).known = undefined;
};
beforeEach(forgetOrigins);
afterEach(forgetOrigins);

const call = (options: Partial<ApiCall> = {}) =>
  callApi({
    method: "GET",
    path: "/api/v1/me",
    origin: APP,
    ...options,
    headers: { authorization: `Bearer ${token}`, ...options.headers },
  });

const preflight = (options: Partial<ApiCall> & { wants?: string; by?: string } = {}) =>
  callApi({
    method: "OPTIONS",
    path: "/api/v1/me",
    origin: APP,
    contentType: null,
    ...options,
    headers: {
      "access-control-request-method": options.by ?? "GET",
      "access-control-request-headers": options.wants ?? "authorization,content-type",
    },
  });

describe("a script of a registered single-page client", () => {
  test("reads by its token, refusals too", async () => {
    const answer = await call();
    expect([answer.status, answer.headers[ACAO], answer.headers["vary"]]).toEqual([
      200,
      APP,
      "Origin",
    ]);
    const refused = await call({ headers: { authorization: "Bearer nonsense" } });
    expect([refused.status, refused.headers[ACAO]]).toEqual([401, APP]);
    expect(refused.headers["access-control-expose-headers"]).toContain("www-authenticate");
  });

  test("changes by its token", async () => {
    const body = JSON.stringify({ customer: "From elsewhere", amount: 100, currency: "EUR" });
    const answer = await call({ method: "POST", path: "/api/v1/invoices", body });
    expect([answer.status, answer.headers[ACAO]]).toEqual([201, APP]);
  });

  test("is told before that it may, with a token alone", async () => {
    const may = await preflight({ path: "/api/v1/invoices", by: "POST" });
    expect([may.status, may.headers[ACAO]]).toEqual([204, APP]);
    expect(may.headers["access-control-allow-methods"]).toBe("POST");
    expect(may.headers["access-control-allow-headers"]).toContain("authorization");
    expect((await preflight({ wants: "content-type" })).headers[ACAO]).toBeUndefined();
    expect((await preflight({ path: "/api/v1/none" })).headers[ACAO]).toBeUndefined();
  });

  test("never uses a cookie: no answer allows credentials", async () => {
    const body = JSON.stringify({ customer: "By a cookie", amount: 100, currency: "EUR" });
    const path = "/api/v1/invoices";
    const byCookie = await callApi({ method: "POST", path, origin: APP, cookie, body });
    expect([byCookie.status, byCookie.headers[ACAO]]).toEqual([403, undefined]);
    const read = await callApi({ method: "GET", path: "/api/v1/me", origin: APP, cookie });
    expect(read.headers[ACAO]).toBeUndefined();
    // A word that is no token makes nothing of the cookie beside it.
    const mixed = await call({ cookie, headers: { authorization: "Basic eDp5" } });
    expect([mixed.status, mixed.headers[ACAO]]).toEqual([401, undefined]);
    for (const answer of [await call({ cookie }), await preflight()]) {
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    }
  });

  test("has no part in what needs no token", async () => {
    for (const path of ["/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"]) {
      expect((await preflight({ path, by: "POST" })).headers[ACAO]).toBeUndefined();
      const answer = await call({ method: "POST", path });
      expect([path, answer.headers[ACAO]]).toEqual([path, undefined]);
    }
    const refresh = await call({ method: "POST", path: "/api/v1/auth/refresh" });
    expect(refresh.status).toBe(403);
  });

  test("may no more once the client is disabled", async () => {
    await prisma().oidcClient.update({
      where: { id: spa.clientId },
      data: { disabledAt: new Date() },
    });
    expect((await preflight()).headers[ACAO]).toBeUndefined();
    await prisma().oidcClient.update({ where: { id: spa.clientId }, data: { disabledAt: null } });
  });
});

test.each([
  EVIL,
  "https://plain.example",
  "https://app.example.evil.example",
  "https://app.example:8443",
  "http://app.example",
  "https://APP.example",
  "null",
])("no script of %s reads or changes anything, whatever token it has", async (origin) => {
  expect((await call({ origin })).headers[ACAO]).toBeUndefined();
  expect((await preflight({ origin })).headers[ACAO]).toBeUndefined();
  const body = JSON.stringify({ customer: "From elsewhere", amount: 100, currency: "EUR" });
  const change = await call({ method: "POST", path: "/api/v1/invoices", origin, body });
  expect([change.status, change.headers[ACAO]]).toEqual([403, undefined]);
});
