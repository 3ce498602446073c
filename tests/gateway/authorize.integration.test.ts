import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { gatewayRules } from "@/app/api/gateway/gateway-rules";
import { signOut } from "@/lib/authn/sign-out";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { AAL2 } from "@/lib/shared/assurance";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import {
  AUDIENCE,
  askOf,
  ELSEWHERE,
  FORMER_TOKEN,
  HOST,
  rawGet,
  TOKEN,
  verifyAssertion,
} from "@/tests/support/gateway";
import { actingAs, aProvenCaller } from "@/tests/support/impersonation";
import { aProof, ath, FOR_TOKEN } from "@/tests/support/possession";
import { race } from "@/tests/support/race";

const send = serveMachinePaths();

let user: TestUser;
let session: string;
let service: { clientId: string; secret: string };

beforeAll(async () => {
  user = await aUser({ roles: ["Manager"] });
  session = await aSession(user.id);
  service = await aClient({ name: "Jobs", kind: "service", scopes: ["api:read"] });
});

const url = () => `${getConfig().origin}/api/gateway/authorize`;
const ask = (uri: string, headers: Record<string, string> = {}, search = "") =>
  rawGet(send.port(), `/api/gateway/authorize${search}`, askOf(uri, headers));
const cookieOf = (secret: string) => ({ cookie: `${sessionCookieName()}=${secret}` });
const mine = (headers: Record<string, string> = {}) => ({ ...cookieOf(session), ...headers });
const BROWSER = { accept: "text/html,application/xhtml+xml", "sec-fetch-mode": "navigate" };
const problemOf = async (answer: Response) => (await answer.json()) as Record<string, string>;
const claimsOf = async (answer: Response) => {
  expect(answer.status).toBe(200);
  return verifyAssertion(send, answer.headers.get("gatehouse-assertion") ?? "");
};
const sessionRow = async (secret: string) => (await callerWith(secret)).principal.session.id;

async function aServiceToken(headers: Record<string, string> = {}, by = service): Promise<string> {
  const { body } = await post(
    send,
    "/token",
    {
      grant_type: "client_credentials",
      resource: `${getConfig().origin}/api/v1`,
      scope: "api:read",
    },
    { authorization: basic(by.clientId, by.secret), ...headers },
  );
  return String(body["access_token"]);
}

describe("who may ask (F125)", () => {
  test.each([
    ["no token", { "gatehouse-gateway-token": "" }],
    ["another token", { "gatehouse-gateway-token": `${TOKEN}x` }],
    ["two tokens", { "gatehouse-gateway-token": `${TOKEN}, ${TOKEN}` }],
  ])("whoever comes with %s is told nothing, signed in or not", async (_, headers) => {
    const answer = await ask("/open/x", mine(headers));
    expect(answer.status).toBe(403);
    expect(answer.headers.get("gatehouse-assertion")).toBeNull();
    expect(await problemOf(answer)).toMatchObject({ code: "untrusted_gateway" });
  });

  test("a token that is being replaced counts as well", async () => {
    expect((await ask("/open/x", { "gatehouse-gateway-token": FORMER_TOKEN })).status).toBe(200);
  });

  test("the host of the connection says nothing, only what the gateway says", async () => {
    const answer = await ask("/open/x", { "x-forwarded-host": "unknown.example" });
    expect(await problemOf(answer)).toMatchObject({ code: "not_admitted" });
  });
});

describe("the table of refusals", () => {
  const method = (name: string) => ({ "x-forwarded-method": name });
  test.each<[string, string, () => Record<string, string>, number, string]>([
    ["nobody", "/pages/x", () => ({}), 401, "unauthenticated"],
    ["a cookie of nobody", "/pages/x", () => cookieOf("x".repeat(43)), 401, "unauthenticated"],
    ["a token of nobody", "/pages/x", () => ({ authorization: "Bearer x" }), 401, "invalid_token"],
    [
      "a bad token beside a good cookie",
      "/pages/x",
      () => mine({ authorization: "Bearer x" }),
      401,
      "invalid_token",
    ],
    [
      "a password of another scheme",
      "/pages/x",
      () => mine({ authorization: basic("a", "b") }),
      401,
      "invalid_token",
    ],
    ["a path without a rule", "/nothing", mine, 403, "not_admitted"],
    ["a method without a rule", "/billing/admin/x", () => mine(method("PUT")), 403, "not_admitted"],
    ["an unknown method", "/pages/x", () => mine(method("PROPFIND")), 403, "not_admitted"],
    ["a dot segment", "/open/../pages/x", mine, 403, "not_admitted"],
    ["an encoded slash", "/open%2fx", mine, 403, "not_admitted"],
    ["another case", "/OPEN/x", mine, 403, "not_admitted"],
    [
      "another method in a header",
      "/pages/x",
      () => mine({ "x-http-method-override": "DELETE" }),
      403,
      "not_admitted",
    ],
    ["another method in the query", "/pages/x?_method=DELETE", mine, 403, "not_admitted"],
    [
      "a header of another's",
      "/pages/x",
      () => mine({ "x-auth-user": "root" }),
      403,
      "not_admitted",
    ],
    [
      "an assertion of its own",
      "/pages/x",
      () => mine({ "gatehouse-assertion": "x" }),
      403,
      "not_admitted",
    ],
    [
      "two hosts",
      "/pages/x",
      () => mine({ "x-forwarded-host": `${HOST}, ${HOST}` }),
      403,
      "not_admitted",
    ],
    ["no origin", "/pages/x", () => mine(method("POST")), 403, "foreign_origin"],
    [
      "a foreign origin",
      "/pages/x",
      () => mine({ ...method("POST"), origin: "https://evil.example" }),
      403,
      "foreign_origin",
    ],
    [
      "a socket of a foreign page",
      "/pages/x",
      () => mine({ "sec-websocket-key": "x", origin: "https://evil.example" }),
      403,
      "foreign_origin",
    ],
    ["a second factor", "/billing/admin/x", mine, 401, "insufficient_user_authentication"],
  ])("%s at %s is refused", async (_, uri, headers, status, code) => {
    const answer = await ask(uri, headers());
    expect([answer.status, (await problemOf(answer.clone()))["code"]]).toEqual([status, code]);
    for (const name of ["gatehouse-assertion", "cookie", "authorization"]) {
      expect(answer.headers.get(name)).toBeNull();
    }
    if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    else {
      const { decisionId = "" } = await problemOf(answer.clone());
      expect(answer.headers.get("gatehouse-decision-id")).toBe(decisionId);
      expect(await prisma().decisionTrace.count({ where: { id: decisionId } })).toBe(1);
    }
  });

  test("a permission that nobody gave is refused with the decision's id (F126)", async () => {
    const { id } = await aUser({ roles: [] });
    const answer = await ask("/billing/x", cookieOf(await aSession(id)));
    expect(answer.status).toBe(403);
    const { code, decisionId } = await problemOf(answer.clone());
    expect(code).toBe("forbidden");
    expect(answer.headers.get("gatehouse-decision-id")).toBe(decisionId);
  });

  test("the permission is asked for before a proof is", async () => {
    const { id } = await aUser({ roles: ["User"] });
    const answer = await ask("/billing/admin/x", { ...cookieOf(await aSession(id)), ...BROWSER });
    expect(answer.status).toBe(403);
  });
});

describe("what the service is told (F127)", () => {
  test("who it is, for that service and that request alone", async () => {
    const claims = await claimsOf(await ask("/billing/2026?year=1", mine()));
    expect(claims).toMatchObject({
      aud: AUDIENCE,
      sub: user.id,
      means: "session",
      permission: "view_invoice",
      htm: "GET",
      htu: `http://${HOST}/billing/2026`,
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
    expect(Object.keys(claims).toSorted()).toEqual(
      [
        "aud",
        "exp",
        "htm",
        "htu",
        "iat",
        "iss",
        "jti",
        "means",
        "org",
        "permission",
        "request_id",
        "sub",
      ].toSorted(),
    );
  });

  test("nothing after 60 seconds, nothing for another service, nothing once it is changed", async () => {
    const answer = await ask("/pages/x", mine());
    const assertion = answer.headers.get("gatehouse-assertion") ?? "";
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000);
    await verifyAssertion(send, assertion, { now: later(58) });
    const EXPIRED = { code: "ERR_JWT_EXPIRED" };
    await expect(verifyAssertion(send, assertion, { now: later(61) })).rejects.toMatchObject(
      EXPIRED,
    );
    await expect(
      verifyAssertion(send, assertion, { audience: "https://other" }),
    ).rejects.toMatchObject({
      code: "ERR_JWT_CLAIM_VALIDATION_FAILED",
    });
    const [head, body, signature] = assertion.split(".");
    const other = Buffer.from(body ?? "", "base64url")
      .toString()
      .replace(user.id, randomUUID());
    const forged = [head, Buffer.from(other).toString("base64url"), signature].join(".");
    await expect(verifyAssertion(send, forged)).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });

  test("an assertion opens nothing here: no API and no gateway", async () => {
    const assertion = (await ask("/pages/x", mine())).headers.get("gatehouse-assertion") ?? "";
    const authorization = `Bearer ${assertion}`;
    expect((await ask("/pages/x", { authorization })).status).toBe(401);
    const me = await send(`${getConfig().origin}/api/v1/me`, { headers: { authorization } });
    expect(me.status).toBe(401);
  });

  test("nobody, by headers that are there and empty, where nobody is asked who they are", async () => {
    const answer = await ask("/open/x", mine());
    for (const name of ["gatehouse-assertion", "authorization", "tracestate"]) {
      expect(answer.headers.get(name)).toBe("");
    }
  });

  test("other cookies but none of ours, and the token only where the rule passes it on", async () => {
    const cookie = `a=1; ${sessionCookieName()}=${session}; gatehouse_locale=de; b=2`;
    const answer = await ask("/pages/x", { cookie });
    expect(answer.headers.get("cookie")).toBe("a=1; b=2");
    const authorization = `Bearer ${await aServiceToken()}`;
    const passed = await ask("/programs/x", { authorization });
    expect(passed.headers.get("authorization")).toBe(authorization);
    const claims = await claimsOf(passed);
    expect(claims).toMatchObject({ sub: service.clientId, means: "service" });
    const kept = await ask("/x", { authorization, "x-forwarded-host": ELSEWHERE });
    expect([kept.status, kept.headers.get("authorization")]).toEqual([200, ""]);
  });

  test("the trace goes on, and one that is none begins anew (W3C Trace Context)", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const going = await ask("/open/x", {
      traceparent: `00-${trace}-b7ad6b7169203331-01`,
      tracestate: "a=1",
    });
    expect(going.headers.get("traceparent")).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(going.headers.get("traceparent")).not.toContain("b7ad6b7169203331");
    expect(going.headers.get("tracestate")).toBe("a=1");
    const begun = await ask("/open/x", { traceparent: "00-0-0-00", tracestate: "a=1" });
    expect(begun.headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(begun.headers.get("tracestate")).toBe("");
  });

  test("who acts, where somebody acts as the user and the rule is open to that (F101)", async () => {
    const administrator = await aProvenCaller();
    const { id } = await aUser();
    const cookie = cookieOf(await actingAs(administrator, id));
    expect((await ask("/pages/x", cookie)).status).toBe(403);
    const claims = await claimsOf(await ask("/support/x", cookie));
    expect(claims).toMatchObject({ sub: id, act: { sub: administrator.principal.userId } });
  });
});

describe("tokens", () => {
  test("a service account is let in only where the rule says so, and within its scopes", async () => {
    const authorization = `Bearer ${await aServiceToken()}`;
    expect((await ask("/programs/x", { authorization })).status).toBe(200);
    const user = await ask("/pages/x", { authorization });
    expect([user.status, (await problemOf(user))["code"]]).toEqual([403, "user_required"]);
    const write = await ask("/write/x", { authorization });
    expect([write.status, (await problemOf(write))["code"]]).toEqual([403, "insufficient_scope"]);
    const post = await ask("/programs/x", { authorization, "x-forwarded-method": "POST" });
    expect(post.status).toBe(403);
  });

  test("a token whose client is disabled is worth nothing from the next request on", async () => {
    const other = await aClient({ name: "Gone", kind: "service", scopes: ["api:read"] });
    const authorization = `Bearer ${await aServiceToken({}, other)}`;
    expect((await ask("/programs/x", { authorization })).status).toBe(200);
    await prisma().oidcClient.delete({ where: { id: other.clientId } });
    expect((await ask("/programs/x", { authorization })).status).toBe(401);
  });

  test("a personal token is let in, and by no proof that nobody could give", async () => {
    const { id } = await aUser({ roles: ["Manager"] });
    const own = await createToken(await callerWith(await aSession(id)), {
      name: "Script",
      scopes: ["api:read"],
      lifetimeDays: 1,
    });
    if (own.outcome !== "created") throw new Error(own.outcome);
    const authorization = `Bearer ${own.secret}`;
    expect((await ask("/billing/x", { authorization })).status).toBe(200);
    const fresh = await ask("/fresh/x", { authorization });
    expect([fresh.status, (await problemOf(fresh))["code"]]).toEqual([403, "person_required"]);
    expect((await ask("/billing/x", { authorization, "x-forwarded-method": "POST" })).status).toBe(
      403,
    );
  });

  test("a token that is bound to a key takes a proof for the very address, once (RFC 9449 §7)", async () => {
    const keys = await generateKeyPair("ES256", { extractable: true });
    const token = await aServiceToken({ dpop: await aProof(keys, FOR_TOKEN()) });
    const proof = (htu: string) =>
      new SignJWT({ jti: randomUUID(), htm: "GET", htu, ath: ath(token) })
        .setIssuedAt()
        .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: publicJwk })
        .sign(keys.privateKey);
    const publicJwk = await exportJWK(keys.publicKey);
    const by = async (scheme: string, dpop?: string) =>
      (await ask("/programs/x", { authorization: `${scheme} ${token}`, ...(dpop && { dpop }) }))
        .status;
    expect(await by("Bearer")).toBe(401);
    expect(await by("DPoP")).toBe(401);
    expect(await by("DPoP", await proof(url()))).toBe(401);
    const good = await proof(`http://${HOST}/programs/x`);
    expect(await by("DPoP", good)).toBe(200);
    expect(await by("DPoP", good)).toBe(401);
  });
});

describe("what ends bites at the next request (D5)", () => {
  test.each<[string, (user: TestUser, cookie: string) => Promise<unknown>, number]>([
    ["a session", async (_, cookie) => signOut(await callerWith(cookie)), 401],
    [
      "a user who is disabled",
      ({ id }) => prisma().user.update({ where: { id }, data: { status: "disabled" } }),
      401,
    ],
    [
      "a session that expires",
      async (_, cookie) =>
        prisma().session.update({
          where: { id: await sessionRow(cookie) },
          data: { idleExpiresAt: new Date(Date.now() - 1_000) },
        }),
      401,
    ],
    ["a role", ({ id }) => prisma().userRole.deleteMany({ where: { userId: id } }), 403],
  ])("%s", async (_, end, status) => {
    const somebody = await aUser({ roles: ["Manager"] });
    const cookie = await aSession(somebody.id);
    expect((await ask("/billing/x", cookieOf(cookie))).status).toBe(200);
    await end(somebody, cookie);
    expect((await ask("/billing/x", cookieOf(cookie))).status).toBe(status);
  });
});

describe("browsers are led to what is missing, and back (F126)", () => {
  const back = (uri: string) =>
    encodeURIComponent(`/api/gateway/return?to=${encodeURIComponent(uri)}`);
  const DEEP = "/pages/caf%C3%A9%20x/@me?a=1&b=%2F..%2F&c=%23x;y+z!";

  test("to the sign-in page", async () => {
    const answer = await ask(DEEP, BROWSER);
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      `${getConfig().origin}/sign-in?returnTo=${back(DEEP)}`,
    ]);
  });

  test("and from there exactly to where they were", async () => {
    const answer = await send(
      `${getConfig().origin}/api/gateway/return?to=${encodeURIComponent(DEEP)}`,
    );
    expect([answer.status, answer.headers.get("location")]).toEqual([
      303,
      `${getConfig().origin}${DEEP}`,
    ]);
  });

  test.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/%09/evil.example",
    "javascript:alert(1)",
    "",
    "@evil.example",
  ])("to %j nobody is led (ATK-13)", async (to) => {
    const answer = await send(
      `${getConfig().origin}/api/gateway/return?to=${encodeURIComponent(to)}`,
    );
    expect(new URL(answer.headers.get("location") ?? "").origin).toBe(getConfig().origin);
  });

  test("to the second factor, which then opens the page", async () => {
    const answer = await ask("/billing/admin/x", mine(BROWSER));
    const location = new URL(answer.headers.get("location") ?? "");
    expect([answer.status, location.pathname]).toEqual([302, "/challenge"]);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      for: "step-up",
      level: "2",
      returnTo: `/api/gateway/return?to=${encodeURIComponent("/billing/admin/x")}`,
    });
    const strong = await aSession(user.id);
    await prisma().session.update({
      where: { id: await sessionRow(strong) },
      data: { acr: AAL2, amr: ["pwd", "otp"] },
    });
    const claims = await claimsOf(await ask("/billing/admin/x", cookieOf(strong)));
    expect(claims["acr"]).toBe(AAL2);
  });

  test("to the page that frees them from what holds them", async () => {
    const { id } = await aUser();
    const cookie = cookieOf(await aSession(id));
    await prisma().user.update({
      where: { id },
      data: { deletionDueAt: new Date(Date.now() + 86_400_000) },
    });
    const led = await ask("/pages/x", { ...cookie, ...BROWSER });
    expect(led.headers.get("location")).toBe(`${getConfig().origin}/account-deletion`);
    expect((await problemOf(await ask("/pages/x", cookie)))["code"]).toBe(
      "account_deletion_pending",
    );
  });

  test.each([
    ["scripts", { accept: "application/json" }],
    ["what a page embeds", { ...BROWSER, "sec-fetch-mode": "no-cors" }],
    ["forms", { ...BROWSER, "x-forwarded-method": "POST" }],
    [
      "pages of another host, whose cookies are not ours",
      { ...BROWSER, "x-forwarded-host": ELSEWHERE },
    ],
    ["pages of another scheme", { ...BROWSER, "x-forwarded-proto": "https" }],
  ])("%s are not led anywhere", async (_, headers) => {
    const answer = await ask("/pages/x", headers);
    expect([answer.status, answer.headers.get("location")]).toEqual([401, null]);
  });

  test("nginx is told by 401 and 403, and of the rest in headers", async () => {
    const as = "?as=auth-request";
    const led = await ask("/pages/x", BROWSER, as);
    expect([led.status, led.headers.get("location")]).toEqual([401, null]);
    expect(led.headers.get("gatehouse-location")).toContain("/sign-in?returnTo=");
  });
});

test("a rule's budget holds, also for fifty at once, and is nobody else's", async () => {
  const answers = await race(50, () => ask("/few/x", mine()));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect(statuses.filter((status) => status === 429)).toHaveLength(47);
  const late = await ask("/few/x", mine(), "?as=auth-request");
  expect([late.status, late.headers.get("gatehouse-status")]).toEqual([403, "429"]);
  const { id } = await aUser();
  expect((await ask("/few/x", cookieOf(await aSession(id)))).status).toBe(200);
});

test("fifty at once while the session ends: none is let in after the end is known", async () => {
  const { id } = await aUser();
  const cookie = await aSession(id);
  const caller = await callerWith(cookie);
  const before = race(50, () => ask("/pages/x", cookieOf(cookie)));
  await signOut(caller);
  const after = await ask("/pages/x", cookieOf(cookie));
  expect(after.status).toBe(401);
  await before;
});

test("the rules are read once", () => {
  expect(gatewayRules()).toBe(gatewayRules());
});

describe("with the address behind a prefix, as Envoy asks", () => {
  const prefixed = (uri: string, headers: Record<string, string> = {}) =>
    rawGet(send.port(), `/api/gateway/authorize${uri}`, {
      "gatehouse-gateway-token": TOKEN,
      "x-forwarded-proto": "http",
      host: HOST,
      // What a client says of it does not count.
      "x-forwarded-uri": "/open/x",
      "x-forwarded-host": ELSEWHERE,
      ...headers,
    });

  test.each([
    ["/open/x", {}, 200],
    ["/open/x?as=auth-request", {}, 200],
    ["/pages/x", {}, 401],
    ["/", {}, 403],
    ["/open/../pages/x", {}, 403],
    ["/open/./x", {}, 403],
    ["/../return", {}, 403],
    ["//open/x", {}, 403],
    ["/open/x", { host: "unknown.example" }, 403],
    ["/open/x", { "gatehouse-gateway-token": "x" }, 403],
  ])("%s with %j is answered as it was sent: %d", async (uri, headers, status) => {
    expect((await prefixed(uri, headers)).status).toBe(status);
  });
});
