import { decodeJwt } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { changePassword } from "@/lib/authn/change-password";
import { signOut } from "@/lib/authn/sign-out";
import { createClient } from "@/lib/oidc/create-client";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { updateUser } from "@/lib/users/update-user";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import {
  aCaller,
  aRequest,
  aSession,
  aUser,
  callerOf,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

// RFC 9700, point by point; the names are those of docs/conformance.md.

const send = serveMachinePaths();
const own = () => getConfig().origin;
const api = () => `${own()}/api/v1`;
const ABOUT_API = { scope: "openid offline_access api:read" };

let web: FlowClient;
let spa: FlowClient;
let user: TestUser;
let session: string;
const flow = codeFlow(send, () => web);
const spaFlow = codeFlow(send, () => spa);

beforeAll(async () => {
  web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    scopes: ["api:read"],
  });
  spa = await aClient({
    name: "Shop window",
    kind: "single_page",
    redirectUris: [CALLBACK],
    scopes: ["api:read"],
  });
  user = await aUser();
  session = await aSession(user.id);
});

const discovery = async () =>
  (await (await send(`${own()}/oidc/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;

describe("redirects", () => {
  test("BCP-1: an address counts as it was registered, at every endpoint that takes one", async () => {
    const other = `${CALLBACK}/other`;
    expect((await flow.request(session, { redirect_uri: other })).end.pathname).toBe(
      "/answered/400",
    );
    const pushed = await post(
      send,
      "/request",
      {
        client_id: web.clientId,
        response_type: "code",
        redirect_uri: other,
        scope: "openid",
        code_challenge: aPkce().challenge,
        code_challenge_method: "S256",
      },
      flow.auth(),
    );
    expect([pushed.status, pushed.body["error"]]).toEqual([400, "invalid_request"]);
    const redeemed = await flow.redeem(await flow.aCode(session), { redirect_uri: other });
    expect(redeemed.body["error"]).toBe("invalid_grant");
  });

  test.each<[string, Record<string, string | null>]>([
    ["an unknown client", { client_id: "nobody" }],
    ["no client", { client_id: null }],
    ["an address of nobody", { redirect_uri: "https://evil.example/" }],
    ["no address", { redirect_uri: null }],
  ])("BCP-2: with %s nobody is sent anywhere", async (_, parameters) => {
    const { end } = await flow.request(session, parameters);
    expect([end.origin, end.pathname]).toEqual([own(), "/answered/400"]);
  });

  test("BCP-4: success and error both say whose answer it is", async () => {
    const ends = [
      (await flow.request(session)).end,
      (await flow.request(null, { prompt: "none" })).end,
      (await flow.request(session, { code_challenge: null, code_challenge_method: null })).end,
    ];
    for (const end of ends) expect(end.searchParams.get("iss")).toBe(`${own()}/oidc`);
    expect((await discovery())["authorization_response_iss_parameter_supported"]).toBe(true);
  });

  test("BCP-13: redirects are 302 or 303, whatever was sent before", async () => {
    await flow.aCode(session);
    const browser = new Browser(send, session);
    let here = authorizationUrl(web.clientId, aPkce());
    const statuses: number[] = [];
    for (let hop = 0; hop < 4 && here.startsWith(own()); hop += 1) {
      const answer = await browser.get(here);
      statuses.push(answer.status);
      here = new URL(answer.headers.get("location") ?? "https://end.example", here).href;
    }
    expect(statuses.length).toBeGreaterThan(0);
    for (const status of statuses) expect([302, 303]).toContain(status);
  });

  test("BCP-13: what was posted is never sent on: a POST is redirected by 303, or not at all", async () => {
    const cookie = await aSession((await aUser()).id);
    const { idToken } = await flow.tokens(cookie);
    const posted = (path: string, fields: Record<string, string>) =>
      send(`${own()}/oidc${path}`, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { cookie: `${sessionCookieName()}=${cookie}` },
      });
    const asked = Object.fromEntries(new URL(authorizationUrl(web.clientId, aPkce())).searchParams);
    for (const fields of [asked, { client_id: web.clientId, password: "secret" }]) {
      const answer = await posted("/auth", fields);
      expect([answer.status, answer.headers.get("location")]).toEqual([404, null]);
    }
    const requests: Record<string, string>[] = [
      { id_token_hint: idToken },
      { client_id: web.clientId },
      {},
    ];
    for (const fields of requests) {
      const first = await posted("/session/end", fields);
      expect([fields, first.status]).toEqual([fields, 303]);
      const next = first.headers.get("location") ?? "";
      expect(next).toMatch(/\/oidc\/session\/end\?/);
      const second = await new Browser(send, cookie).get(next);
      expect([fields, second.status, second.headers.get("location")]).toEqual([
        fields,
        303,
        expect.stringMatching(/signed-out$|end-session\//) as string,
      ]);
    }
  });

  test.each([
    ["web", "http://app.example/callback"],
    ["single_page", "http://app.example/callback"],
    ["native", "http://app.example/callback"],
    ["native", "myapp:/callback"],
    ["web", "https://app.example/callback#fragment"],
    ["web", "javascript:alert(1)"],
  ] as const)("BCP-14: a %s client cannot register %s", async (kind, uri) => {
    const result = await createClient(
      { kind: "operator", request: aRequest() },
      { name: "No", kind, redirectUris: [uri] },
    );
    expect(result.outcome).toBe("rejected");
  });
});

describe("requests and codes", () => {
  test("BCP-3: an interaction answers the browser that began it, and no other", async () => {
    const victim = await callerWith(session);
    const attacker = new Browser(send, null);
    const begun = await attacker.get(authorizationUrl(web.clientId, aPkce()));
    const { findInteractionStep } = await import("@/lib/oidc/interactions");
    const uid = begun.headers.get("location")?.split("/").at(-1) ?? "";
    const next = await findInteractionStep(uid, victim);
    if (next.step !== "go-on") throw new Error(`unexpected ${next.step}`);
    // Another browser, signed in as the victim, has no part in it.
    const other = await new Browser(send, session).authorize(new URL(next.href, own()).href);
    expect(other.searchParams.get("code")).toBeNull();
  });

  test.each<[string, Record<string, string | null>]>([
    ["no challenge", { code_challenge: null, code_challenge_method: null }],
    ["a plain one", { code_challenge_method: "plain" }],
    ["no method, which means plain", { code_challenge_method: null }],
    ["one that is too short", { code_challenge: "short" }],
    ["one that is too long", { code_challenge: "x".repeat(129) }],
    ["one in another alphabet", { code_challenge: `${"x".repeat(42)}=` }],
  ])("BCP-5: with %s there is no code, for any client (RFC 7636)", async (_, parameters) => {
    for (const each of [flow, spaFlow]) {
      const { end } = await each.request(session, parameters);
      expect(end.searchParams.get("error")).toBe("invalid_request");
    }
  });

  test("BCP-5: a code is redeemed with its verifier alone (RFC 7636 §4.6)", async () => {
    const given = await flow.aCode(session);
    for (const verifier of ["", "x".repeat(42), "x".repeat(43), `${given.verifier}x`]) {
      const answer = await flow.redeem({ code: given.code, verifier });
      expect([verifier, answer.status]).toEqual([verifier, 400]);
    }
    expect((await flow.redeem(given)).status).toBe(200);
  });

  test("BCP-6: metadata names the method", async () => {
    expect((await discovery())["code_challenge_methods_supported"]).toEqual(["S256"]);
  });

  test.each(["token", "id_token", "id_token token", "code token", "code id_token", "none"])(
    "BCP-7: there is no response type %s",
    async (response_type) => {
      const { end } = await flow.request(session, { response_type, nonce: "n" });
      const error =
        end.searchParams.get("error") ?? new URLSearchParams(end.hash.slice(1)).get("error");
      expect(error).toBe("unsupported_response_type");
      expect(end.href).not.toMatch(/access_token|id_token=/);
    },
  );

  test("BCP-7: there is no password grant", async () => {
    const answer = await post(
      send,
      "/token",
      { grant_type: "password", username: user.email, password: user.password },
      flow.auth(),
    );
    expect([answer.status, answer.body["error"]]).toEqual([400, "unsupported_grant_type"]);
    expect((await discovery())["grant_types_supported"]).not.toContain("password");
  });

  test("BCP-12: a code that comes twice takes back what it gave, refresh token and all", async () => {
    const given = await flow.aCode(session, {
      scope: "openid offline_access",
      prompt: "consent",
    });
    const { body } = await flow.redeem(given);
    expect((await flow.redeem(given)).body["error"]).toBe("invalid_grant");
    expect((await flow.introspect(String(body["access_token"]))).body).toEqual({ active: false });
    expect((await flow.refresh(String(body["refresh_token"]))).body["error"]).toBe("invalid_grant");
  });
});

describe("tokens", () => {
  test("BCP-8: tokens can be bound to a key, and say so (RFC 9449)", async () => {
    expect((await discovery())["dpop_signing_alg_values_supported"]).toContain("ES256");
  });

  interface Owner {
    user: TestUser;
    cookie: string;
  }

  test.each<[string, (owner: Owner) => Promise<unknown>]>([
    [
      "the password is changed",
      async (owner) =>
        changePassword(
          await callerOf(owner.user.id),
          owner.user.password,
          "nineteen yellow kettles",
        ),
    ],
    [
      "the user is disabled",
      async (owner) =>
        updateUser(
          await aCaller({ roles: ["Admin"] }),
          owner.user.id,
          { status: "disabled" },
          { confirmed: true },
        ),
    ],
  ])("BCP-9: no refresh token outlives that %s", async (_, event) => {
    const somebody = await aUser();
    const cookie = await aSession(somebody.id);
    const { accessToken, refreshToken } = await flow.tokens(cookie);
    await event({ user: somebody, cookie });
    expect((await flow.refresh(refreshToken)).body["error"]).toBe("invalid_grant");
    expect((await flow.introspect(accessToken)).body).toEqual({ active: false });
  });

  test("BCP-9: at sign-out all ends but what was asked for offline", async () => {
    const cookie = await aSession((await aUser()).id);
    const here = await flow.aCode(cookie, { scope: "openid email", prompt: "consent" });
    const short = String((await flow.redeem(here)).body["access_token"]);
    const { refreshToken } = await flow.tokens(cookie);
    await signOut(await callerWith(cookie));
    expect((await flow.introspect(short)).body).toEqual({ active: false });
    expect((await flow.refresh(refreshToken)).status).toBe(200);
  });

  test("BCP-9: a refresh token is used once; its reuse ends the family (RFC 9700 §4.14.2)", async () => {
    for (const each of [flow, spaFlow]) {
      const cookie = await aSession((await aUser()).id);
      const first = await each.tokens(cookie);
      const second = String((await each.refresh(first.refreshToken)).body["refresh_token"]);
      // Past the window in which the same refresh is answered again (DEC-2).
      await prisma().$executeRaw`
        UPDATE oidc_artifacts SET consumed_at = consumed_at - interval '60 seconds'
         WHERE kind = 'RefreshToken' AND consumed_at IS NOT NULL`;
      expect((await each.refresh(first.refreshToken)).status).toBe(400);
      expect((await each.refresh(second)).body["error"]).toBe("invalid_grant");
    }
  });

  test("BCP-9: a refresh widens neither scope nor audience (RFC 8707)", async () => {
    const { refreshToken } = await flow.tokens(session, { scope: "openid offline_access" });
    const wider = await flow.refresh(refreshToken, { scope: "openid offline_access email" });
    expect(wider.body["error"]).toBe("invalid_scope");
    expect((await flow.refresh(refreshToken)).status).toBe(200);
    const another = await flow.tokens(session, { scope: "openid offline_access" });
    const elsewhere = await flow.refresh(another.refreshToken, {
      resource: "https://else.example",
    });
    expect(elsewhere.body["error"]).toBe("invalid_target");
  });

  test("BCP-10: a token for one audience is worth nothing at another", async () => {
    const forApi = await flow.tokens(session, { ...ABOUT_API, resource: api() });
    expect(decodeJwt(forApi.accessToken).aud).toBe(api());
    const forUserinfo = await flow.tokens(session);
    const me = (token: string) =>
      callApi({
        method: "GET",
        path: "/api/v1/me",
        origin: null,
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await me(forApi.accessToken)).status).toBe(200);
    for (const token of [forUserinfo.accessToken, forUserinfo.idToken, forApi.refreshToken]) {
      expect((await me(token)).status).toBe(401);
    }
    const info = await send(`${own()}/oidc/me`, {
      headers: { authorization: `Bearer ${forApi.accessToken}` },
    });
    expect(info.status).toBe(401);
  });

  test("BCP-20: no token is taken from an address (RFC 6750 §2.3)", async () => {
    const { accessToken } = await flow.tokens(session);
    const info = await send(`${own()}/oidc/me?access_token=${accessToken}`);
    expect([400, 401]).toContain(info.status);
    const forApi = await flow.tokens(session, { ...ABOUT_API, resource: api() });
    const path = `/api/v1/me?access_token=${forApi.accessToken}`;
    expect((await callApi({ method: "GET", path, origin: null })).status).toBe(401);
  });
});

describe("clients", () => {
  test("BCP-11: who has a secret sends it, in one way at a time", async () => {
    const given = await flow.aCode(session);
    const wrong: [Record<string, string>, Record<string, string>][] = [
      [{ client_id: web.clientId }, {}],
      [{ client_id: web.clientId, client_secret: "x".repeat(43) }, {}],
      [{}, { authorization: basic(web.clientId, "") }],
      [{ client_secret: web.secret, client_id: web.clientId }, flow.auth()],
    ];
    for (const [fields, headers] of wrong) {
      const answer = await flow.redeem(given, fields, headers);
      expect([fields, answer.status >= 400]).toEqual([fields, true]);
    }
    expect((await flow.redeem(given)).status).toBe(200);
    expect((await discovery())["token_endpoint_auth_methods_supported"]).toContain(
      "private_key_jwt",
    );
  });

  test("BCP-19: a client's own token names the client, which is no user", async () => {
    const service = await aClient({ name: "Reports", kind: "service", scopes: ["api:read"] });
    const { body } = await post(
      send,
      "/token",
      { grant_type: "client_credentials", resource: api(), scope: "api:read" },
      { authorization: basic(service.clientId, service.secret) },
    );
    const { sub } = decodeJwt(String(body["access_token"]));
    expect(sub).toBe(service.clientId);
    expect(await prisma().user.count({ where: { id: service.clientId } })).toBe(0);
    const asUser = await callApi({
      method: "GET",
      path: "/api/v1/sessions",
      origin: null,
      headers: { authorization: `Bearer ${String(body["access_token"])}` },
    });
    expect([401, 403]).toContain(asUser.status);
  });
});

describe("the browser", () => {
  const preflight = (path: string, origin: string) =>
    send(`${own()}/oidc${path}`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });

  test("BCP-15: no script of another site asks the authorization endpoint", async () => {
    const answer = await preflight("/auth", "https://app.example");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    const asked = await send(authorizationUrl(web.clientId, aPkce()), {
      headers: { origin: "https://app.example" },
    });
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("BCP-15: the token endpoint answers scripts of registered single-page apps alone", async () => {
    const ask = (clientId: string, origin: string) =>
      send(`${own()}/oidc/token`, {
        method: "POST",
        headers: { origin },
        body: new URLSearchParams({ grant_type: "refresh_token", client_id: clientId }),
      });
    const allowed = await ask(spa.clientId, "https://app.example");
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(
      (await ask(spa.clientId, "https://evil.example")).headers.get("access-control-allow-origin"),
    ).toBeNull();
    expect(
      (await ask(web.clientId, "https://app.example")).headers.get("access-control-allow-origin"),
    ).toBeNull();
  });

  test.each([
    "/auth?client_id=nobody",
    "/auth",
    "/interaction",
    "/.well-known/openid-configuration",
  ])("BCP-16, BCP-17: %s is framed by nobody and sends no referrer", async (path) => {
    const answer = await send(`${own()}/oidc${path}`);
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  });

  test("BCP-18: what a request says of its origin and of certificates changes nothing", async () => {
    const answer = await send(`${own()}/oidc/.well-known/openid-configuration`, {
      headers: {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        forwarded: "host=evil.example",
        "x-ssl-client-cert": "-----BEGIN CERTIFICATE-----",
        "x-forwarded-client-cert": "Hash=00",
      },
    });
    const text = await answer.text();
    expect(text).not.toContain("evil.example");
    expect((JSON.parse(text) as { issuer: string }).issuer).toBe(`${own()}/oidc`);
  });
});

describe("the rest of the framework", () => {
  test.each(["client_id", "redirect_uri", "scope", "state", "code_challenge", "nonce"])(
    "RFC 6749 §3.1: %s twice is an error",
    async (name) => {
      const url = `${authorizationUrl(web.clientId, aPkce(), { nonce: "n" })}&${name}=again`;
      const end = await new Browser(send, session).authorize(url);
      expect([
        end.pathname === "/answered/400" || end.searchParams.get("error") === "invalid_request",
        end.searchParams.get("code"),
      ]).toEqual([true, null]);
    },
  );

  test("RFC 6749 §4.1.2: the state comes back byte by byte", async () => {
    for (const state of ["a b+c%2B", "ü€𐍈", "<script>", "x".repeat(1000), "a&b=c"]) {
      const { end } = await flow.request(session, { state });
      expect(end.searchParams.get("state")).toBe(state);
    }
  });

  test("RFC 6749 §5.1: answers with tokens and errors are stored by nobody", async () => {
    const given = await flow.aCode(session);
    for (const answer of [await flow.redeem(given), await flow.redeem(given)]) {
      expect(answer.headers.get("cache-control")).toContain("no-store");
    }
  });

  test("RFC 6749 §3.2: the token endpoint is for POST", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await send(`${own()}/oidc/token`, { method });
      expect([method, answer.status >= 400]).toEqual([method, true]);
    }
  });

  test("RFC 6749 §5.2: a client that fails is told how to prove itself", async () => {
    const answer = await flow.refresh("nonsense", {}, { authorization: basic(web.clientId, "x") });
    expect([answer.status, answer.body["error"]]).toEqual([401, "invalid_client"]);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic/);
  });

  test("RFC 6750 §3: the API says what is wrong with a token", async () => {
    const me = async (authorization?: string) => {
      const answer = await callApi({
        method: "GET",
        path: "/api/v1/me",
        origin: null,
        headers: authorization === undefined ? {} : { authorization },
      });
      return [answer.status, String(answer.headers["www-authenticate"])] as const;
    };
    const [status, challenge] = await me();
    expect(status).toBe(401);
    // Who has sent nothing is told of no error (§3.1).
    expect(challenge).toMatch(/^Bearer/);
    expect(challenge).not.toContain("error=");
    expect(await me("Bearer nonsense")).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
  });

  test("RFC 7009 §2.2: an unknown token is revoked already; a wrong hint says nothing", async () => {
    const revoke = (fields: Record<string, string>, headers = flow.auth()) =>
      post(send, "/token/revocation", fields, headers);
    expect((await revoke({ token: "unknown" })).status).toBe(200);
    const { refreshToken, accessToken } = await flow.tokens(session);
    const hinted = await revoke({ token: refreshToken, token_type_hint: "access_token" });
    expect(hinted.status).toBe(200);
    expect((await flow.refresh(refreshToken)).body["error"]).toBe("invalid_grant");
    expect((await flow.introspect(accessToken)).body).toEqual({ active: false });
    const other = await aClient({ name: "Other", kind: "web", redirectUris: [CALLBACK] });
    const mine = await flow.tokens(session);
    await revoke(
      { token: mine.accessToken },
      { authorization: basic(other.clientId, other.secret) },
    );
    expect((await flow.introspect(mine.accessToken)).body["active"]).toBe(true);
    expect((await revoke({ token: mine.accessToken }, {})).status).toBe(401);
  });

  test("RFC 7662 §2.2: unknown, used up and not yours look alike, and nobody else asks", async () => {
    const first = await flow.tokens(session);
    await flow.refresh(first.refreshToken);
    for (const token of ["unknown", first.refreshToken]) {
      const answer = await flow.introspect(token);
      expect([answer.status, answer.body]).toEqual([200, { active: false }]);
      expect(answer.headers.get("cache-control")).toContain("no-store");
    }
    const anonymous = await post(send, "/token/introspection", { token: first.accessToken });
    expect([anonymous.status, anonymous.body["error"]]).toEqual([401, "invalid_client"]);
    expect(anonymous.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
    const byApp = await post(send, "/token/introspection", {
      token: first.accessToken,
      client_id: spa.clientId,
    });
    expect(byApp.body["active"]).not.toBe(true);
  });

  test("RFC 9207 §2.3: both documents promise it, and both are the same (RFC 8414 §3)", async () => {
    const other = await send(`${own()}/.well-known/oauth-authorization-server/oidc`);
    expect(await other.json()).toEqual(await discovery());
  });

  test("RFC 9470 §3: what needs a fresh proof says so, and which", async () => {
    const admin = await aUser({ roles: ["Admin"] });
    const cookie = await aSession(admin.id);
    await prisma().session.updateMany({
      where: { userId: admin.id },
      data: { authTime: new Date(Date.now() - 3_600_000) },
    });
    const answer = await callApi({
      method: "DELETE",
      path: `/api/v1/users/${(await aUser()).id}`,
      cookie,
    });
    expect(answer.status).toBe(401);
    expect(String(answer.headers["www-authenticate"])).toMatch(
      /error="insufficient_user_authentication".*max_age/,
    );
  });
});

describe("pushed authorization requests (RFC 9126)", () => {
  const pushed = (fields: Record<string, string> = {}, headers = flow.auth()) =>
    post(
      send,
      "/request",
      {
        client_id: web.clientId,
        response_type: "code",
        redirect_uri: CALLBACK,
        scope: "openid",
        state: "a-state",
        code_challenge: aPkce().challenge,
        code_challenge_method: "S256",
        ...fields,
      },
      headers,
    );
  const open = (uri: unknown, cookie = session, clientId = web.clientId) =>
    new Browser(send, cookie).authorize(
      `${own()}/oidc/auth?${new URLSearchParams({ client_id: clientId, request_uri: String(uri) }).toString()}`,
    );

  test("its address works once, for its client, and for a minute", async () => {
    const answer = await pushed();
    expect(answer.status).toBe(201);
    expect(answer.body["expires_in"]).toBeLessThanOrEqual(60);
    const uri = answer.body["request_uri"];
    expect((await open(uri, session, spa.clientId)).searchParams.get("code")).toBeNull();
    expect((await open(uri)).searchParams.get("code")).not.toBeNull();
    expect((await open(uri)).searchParams.get("code")).toBeNull();
  });

  test("a first visit does not use it up: what was not finished can be begun again", async () => {
    const cookie = await aSession((await aUser()).id);
    const { body } = await pushed();
    const uri = String(body["request_uri"]);
    const asked = new URLSearchParams({ client_id: web.clientId, request_uri: uri });
    for (const visitor of [null, cookie]) {
      const visit = await new Browser(send, visitor).get(`${own()}/oidc/auth?${asked.toString()}`);
      expect(visit.headers.get("location")).toMatch(/^\/interaction\//);
    }
    expect((await open(uri, cookie)).searchParams.get("code")).toEqual(expect.any(String));
    expect((await open(uri, cookie)).searchParams.get("code")).toBeNull();
  });

  test.each<[string, Record<string, string>, Record<string, string> | undefined]>([
    ["an address of a request", { request_uri: "urn:x:y" }, undefined],
    ["no proof of the client", {}, {}],
    ["another client's proof", { client_id: "nobody" }, undefined],
    ["no challenge", { code_challenge: "" }, undefined],
  ])("with %s nothing is kept", async (_, fields, headers) => {
    const answer = await pushed(fields, headers);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body["request_uri"]).toBeUndefined();
  });

  test("it is for POST alone", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await send(`${own()}/oidc/request`, { method });
      expect([method, answer.status >= 400]).toEqual([method, true]);
    }
  });
});
