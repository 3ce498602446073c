import { createLocalJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { findDecision } from "@/lib/authz/find-decision";
import { replayGate } from "@/lib/authz/gate-trace";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser, type TestUser } from "@/tests/support/builders";
import { codeFlow } from "@/tests/support/code-flow";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const issuer = () => `${getConfig().origin}/oidc`;
const AAL1 = "urn:gatehouse:aal1";

let web: { clientId: string; secret: string };
let user: TestUser;
let session: string;

beforeAll(async () => {
  web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
  user = await aUser();
  session = await aSession(user.id);
});

const flow = codeFlow(send, () => web);
const signIn = (parameters: Record<string, string | null> = {}, cookie = session) =>
  flow.aCode(cookie, parameters);

async function verified(idToken: string, nonce?: string): Promise<JWTPayload> {
  const answer = await send(`${issuer()}/jwks`);
  const keys = createLocalJWKSet((await answer.json()) as never);
  const { payload } = await jwtVerify(idToken, keys, { issuer: issuer(), audience: web.clientId });
  expect(payload["nonce"]).toBe(nonce);
  return payload;
}

async function tokensOf(parameters: Record<string, string | null> = {}, cookie = session) {
  const { status, body } = await flow.redeem(await signIn(parameters, cookie));
  expect(status).toBe(200);
  return {
    accessToken: String(body["access_token"]),
    refreshToken: String(body["refresh_token"]),
    claims: await verified(String(body["id_token"]), parameters["nonce"] ?? undefined),
    idToken: String(body["id_token"]),
    body,
  };
}

async function userinfo(init: RequestInit) {
  const answer = await send(`${issuer()}/me`, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const infoOf = (token: string) => userinfo({ headers: { authorization: `Bearer ${token}` } });

test("oidcc-server: code flow with state, nonce, ID token and userinfo", async () => {
  const { accessToken, claims, body } = await tokensOf({ nonce: "a-nonce" });
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: expect.any(Number) as number });
  expect(claims).toMatchObject({ sub: user.id, acr: AAL1, amr: ["pwd"] });
  expect(claims.exp).toBeGreaterThan(claims.iat ?? 0);
  expect(await infoOf(accessToken)).toEqual({ status: 200, body: { sub: user.id } });
});

test("oidcc-response-type-missing: the client is told, and gets nothing", async () => {
  const end = await new Browser(send, session).authorize(
    authorizationUrl(web.clientId, aPkce(), { response_type: null }),
  );
  expect(end.searchParams.get("error")).toBe("invalid_request");
  expect(end.searchParams.get("code")).toBeNull();
});

describe("ID tokens", () => {
  test.each(["ES256", "RS256", "EdDSA"] as const)(
    "oidcc-idtoken-signature: a client that registers %s gets it, by a published key with an id",
    async (algorithm) => {
      const client = await aClient({
        name: algorithm,
        kind: "web",
        redirectUris: [CALLBACK],
        idTokenAlgorithm: algorithm,
      });
      const pkce = aPkce();
      const end = await new Browser(send, session).authorize(
        authorizationUrl(client.clientId, pkce),
      );
      const code = end.searchParams.get("code") ?? "";
      const { body } = await flow.redeem(
        { code, verifier: pkce.verifier },
        {},
        { authorization: basic(client.clientId, client.secret) },
      );
      const { alg, kid } = decodeProtectedHeader(String(body["id_token"]));
      const { keys } = (await (await send(`${issuer()}/jwks`)).json()) as { keys: JsonKey[] };
      expect([alg, keys.filter((key) => key.kid === kid).map((key) => key.alg)]).toEqual([
        algorithm,
        [algorithm],
      ]);
      await jwtVerify(String(body["id_token"]), createLocalJWKSet({ keys }), {
        issuer: issuer(),
        audience: client.clientId,
      });
    },
  );

  test("oidcc-idtoken-unsigned: alg none is neither advertised nor sent", async () => {
    const metadata = await discovery();
    expect(metadata["id_token_signing_alg_values_supported"]).not.toContain("none");
    const { idToken } = await tokensOf();
    expect(decodeProtectedHeader(idToken).alg).toBe("ES256");
  });
});

test("F46: key set and metadata may be kept for a few minutes, well below the hour before a key signs", async () => {
  for (const path of ["/jwks", "/.well-known/openid-configuration"]) {
    const { headers } = await send(`${issuer()}${path}`);
    expect([path, headers.get("cache-control")]).toEqual([path, "public, max-age=300"]);
  }
});

describe("userinfo (OIDC Core §5.3)", () => {
  test("oidcc-userinfo-get: the token in the header", async () => {
    const { accessToken } = await tokensOf();
    expect((await infoOf(accessToken)).body).toEqual({ sub: user.id });
  });

  test("oidcc-userinfo-post-header: by POST", async () => {
    const { accessToken } = await tokensOf();
    const answer = await userinfo({
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(answer).toEqual({ status: 200, body: { sub: user.id } });
  });

  test("oidcc-userinfo-post-body: the token in the body", async () => {
    const { accessToken } = await tokensOf();
    const answer = await userinfo({
      method: "POST",
      body: new URLSearchParams({ access_token: accessToken }),
    });
    expect(answer).toEqual({ status: 200, body: { sub: user.id } });
  });

  test.each(["application/json", "text/html"])(
    "a scope that the token lacks is 403 with a decision, whatever is accepted: %s (RFC 6750 §3.1, F95)",
    async (accept) => {
      const { accessToken } = await tokensOf();
      const answer = await send(`${issuer()}/me`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken}`, accept },
        body: new URLSearchParams({ scope: "openid email" }),
      });
      expect(answer.status).toBe(403);
      expect(answer.headers.get("www-authenticate")).toMatch(
        /^Bearer .*error="insufficient_scope"/,
      );
      const body = (await answer.json()) as Record<string, unknown>;
      expect(body).toMatchObject({ error: "insufficient_scope" });
      const admin = await aCaller({ roles: ["Admin"] });
      const decision = await findDecision(admin, String(body["decision_id"]));
      if (decision?.kind !== "gate") throw new Error("there is no trace");
      expect(decision.trace).toMatchObject({
        principal: { id: user.id },
        gate: { rule: "scope", granted: ["openid"] },
      });
      expect(replayGate(decision.trace)).toBe(false);
    },
  );

  test.each([
    ["no token", undefined],
    ["nonsense", "Bearer nonsense"],
    ["an ID token", "ID"],
    ["a refresh token", "REFRESH"],
  ])("with %s it is 401 and says how (RFC 6750 §3)", async (_, authorization) => {
    const { idToken, refreshToken } = await tokensOf({
      scope: "openid offline_access",
      prompt: "consent",
    });
    const given = authorization
      ?.replace("ID", `Bearer ${idToken}`)
      .replace("REFRESH", `Bearer ${refreshToken}`);
    const answer = await send(`${issuer()}/me`, {
      headers: given === undefined ? {} : { authorization: given },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
  });
});

describe("a token that has expired", () => {
  test("is refused at userinfo, and says so (RFC 6750 §3.1)", async () => {
    const { accessToken } = await tokensOf();
    expect((await infoOf(accessToken)).status).toBe(200);
    await prisma().$executeRaw`
      UPDATE oidc_artifacts SET expires_at = now() - interval '1 second'
       WHERE kind = 'AccessToken'`;
    const answer = await send(`${issuer()}/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
    expect(await answer.text()).not.toContain(user.id);
  });
});

describe("scopes and claims", () => {
  test("oidcc-scope-profile: name and when it changed", async () => {
    const { accessToken } = await tokensOf({ scope: "openid profile" });
    const { body } = await infoOf(accessToken);
    expect(Object.keys(body).toSorted()).toEqual(["name", "sub", "updated_at"]);
    expect(body["updated_at"]).toEqual(expect.any(Number));
  });

  test("oidcc-scope-email: the address and whether it is verified", async () => {
    const { accessToken } = await tokensOf({ scope: "openid email" });
    const { body } = await infoOf(accessToken);
    expect(body).toEqual({ sub: user.id, email: user.email, email_verified: true });
  });

  test("oidcc-scope-all: everything that is advertised", async () => {
    const { accessToken, body } = await tokensOf({
      scope: "openid profile email offline_access",
      prompt: "consent",
    });
    expect(String(body["scope"]).split(" ").toSorted()).toEqual([
      "email",
      "offline_access",
      "openid",
      "profile",
    ]);
    const info = await infoOf(accessToken);
    expect(info.body).toMatchObject({ sub: user.id, name: expect.any(String) as string });
  });

  test("oidcc-claims-essential: an essential claim is delivered", async () => {
    const { accessToken } = await tokensOf({
      claims: JSON.stringify({ userinfo: { name: { essential: true } } }),
    });
    expect((await infoOf(accessToken)).body["name"]).toEqual(expect.any(String));
  });
});

describe("requests in other shapes", () => {
  test("oidcc-alternate-happy-flow: the order of parameters and scopes says nothing", async () => {
    const pkce = aPkce();
    const url = new URL(
      authorizationUrl(web.clientId, pkce, { scope: "email openid profile", nonce: "n" }),
    );
    const turned = [...url.searchParams].toReversed();
    url.search = new URLSearchParams(turned).toString();
    const end = await new Browser(send, session).authorize(url.href);
    expect(end.searchParams.get("code")).not.toBeNull();
  });

  test.each<[string, Record<string, string>]>([
    ["oidcc-ensure-request-without-nonce-succeeds-for-code-flow", {}],
    ["oidcc-display-page", { display: "page" }],
    ["oidcc-display-popup", { display: "popup" }],
    ["oidcc-ensure-request-with-unknown-parameter-succeeds", { extra: "foobar" }],
    ["oidcc-ui-locales", { ui_locales: "se" }],
    ["oidcc-claims-locales", { claims_locales: "se" }],
    ["oidcc-ensure-request-with-valid-pkce-succeeds", {}],
  ])("%s: the request is answered as without it", async (_, parameters) => {
    expect((await tokensOf(parameters)).claims.sub).toBe(user.id);
  });

  test.each([
    ["the address of somebody", () => user.email],
    ["the address of nobody", () => "buffy@example.com"],
  ])("oidcc-login-hint: it fills in %s where its user signs in", async (_, emailOf) => {
    const email = emailOf();
    const { end } = await flow.request(null, { login_hint: ` ${email.toUpperCase()} ` });
    expect([end.pathname, end.searchParams.get("email")]).toEqual(["/sign-in", email]);
    expect(end.searchParams.get("returnTo")).toMatch(/^\/interaction\/[^/]+$/);
    expect((await tokensOf({ login_hint: email })).claims.sub).toBe(user.id);
  });

  test.each([
    "buffy",
    "+436641234567",
    "a@example.com&returnTo=/elsewhere",
    '"a"@example.com',
    `${"a".repeat(300)}@example.com`,
  ])("oidcc-login-hint: %j is no address, and fills in nothing", async (hint) => {
    const { end } = await flow.request(null, { login_hint: hint });
    expect([end.pathname, [...end.searchParams.keys()]]).toEqual(["/sign-in", ["returnTo"]]);
  });

  test("oidcc-ensure-request-with-acr-values-succeeds: the class is in the ID token", async () => {
    expect((await tokensOf({ acr_values: AAL1 })).claims["acr"]).toBe(AAL1);
  });

  test.each([
    [
      "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
      { request_uri: "https://app.example/request" },
      "request_uri_not_supported",
    ],
    [
      "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
      { request: "eyJhbGciOiJub25lIn0.e30." },
      "request_not_supported",
    ],
    [
      "oidcc-ensure-request-object-with-redirect-uri",
      {
        request: `eyJhbGciOiJub25lIn0.${Buffer.from('{"redirect_uri":"https://evil.example"}').toString("base64url")}.`,
      },
      "request_not_supported",
    ],
  ] as [string, Record<string, string>, string][])(
    "%s: refused to the registered address",
    async (_, parameters, error) => {
      const end = await new Browser(send, session).authorize(
        authorizationUrl(web.clientId, aPkce(), parameters),
      );
      expect([end.origin, end.searchParams.get("error")]).toEqual(["https://app.example", error]);
    },
  );

  test("oidcc-ensure-registered-redirect-uri: another address is a page and no redirect", async () => {
    const end = await new Browser(send, session).authorize(
      authorizationUrl(web.clientId, aPkce(), { redirect_uri: "https://evil.example/callback" }),
    );
    expect([end.origin, end.pathname]).toEqual([getConfig().origin, "/answered/400"]);
  });

  test("oidcc-server-client-secret-post: the secret in the body", async () => {
    const answer = await flow.redeem(
      await signIn(),
      {
        client_id: web.clientId,
        client_secret: web.secret,
      },
      {},
    );
    expect(answer.status).toBe(200);
  });
});

describe("who is signed in, and since when", () => {
  /** Somebody who proved who they are a while ago, and then again. */
  async function earlier() {
    const { id } = await aUser();
    const cookie = await aSession(id);
    const move = (milliseconds: number) =>
      prisma().session.updateMany({
        where: { userId: id },
        data: { authTime: new Date(Date.now() - milliseconds) },
      });
    await move(60_000);
    await tokensOf({}, cookie);
    return { id, cookie, provesAgain: () => move(-1_000) };
  }

  const withoutProof = (cookie: string, parameters: Record<string, string>) =>
    new Browser(send, cookie).authorize(authorizationUrl(web.clientId, aPkce(), parameters));

  test.each([
    ["oidcc-prompt-login", { prompt: "login" }],
    ["oidcc-max-age-1", { max_age: "1" }],
  ] as [string, Record<string, string>][])(
    "%s: a proof is asked for, and auth_time is later",
    async (_, parameters) => {
      const { id, cookie, provesAgain } = await earlier();
      const before = (await tokensOf({ max_age: "10000" }, cookie)).claims["auth_time"];
      expect((await withoutProof(cookie, parameters)).pathname).toBe("/step-up");
      await provesAgain();
      const { claims } = await tokensOf(parameters, cookie);
      expect(claims.sub).toBe(id);
      expect(claims["auth_time"]).toBeGreaterThan(before as number);
    },
  );

  test("oidcc-prompt-none-not-logged-in: login_required at the client", async () => {
    const end = await new Browser(send, null).authorize(
      authorizationUrl(web.clientId, aPkce(), { prompt: "none" }),
    );
    expect([end.origin, end.searchParams.get("error")]).toEqual([
      "https://app.example",
      "login_required",
    ]);
  });

  test("oidcc-prompt-none-logged-in: silent, with the same sub and auth_time", async () => {
    const { cookie } = await earlier();
    const first = (await tokensOf({ max_age: "10000" }, cookie)).claims;
    const second = (await tokensOf({ prompt: "none", max_age: "10000" }, cookie)).claims;
    expect([second.sub, second["auth_time"]]).toEqual([first.sub, first["auth_time"]]);
  });

  test("oidcc-max-age-10000: nobody is asked again, auth_time is the same", async () => {
    const { cookie } = await earlier();
    const first = (await tokensOf({ max_age: "10000" }, cookie)).claims;
    const second = (await tokensOf({ max_age: "10000" }, cookie)).claims;
    expect(second["auth_time"]).toBe(first["auth_time"]);
  });

  test("oidcc-id-token-hint: silent for its subject, login_required for somebody else", async () => {
    const { idToken, claims } = await tokensOf();
    const silent = await tokensOf({ prompt: "none", id_token_hint: idToken });
    expect(silent.claims.sub).toBe(claims.sub);
    const other = await aSession((await aUser()).id);
    await tokensOf({}, other);
    const end = await withoutProof(other, { prompt: "none", id_token_hint: idToken });
    expect(end.searchParams.get("error")).toBe("login_required");
  });
});

describe("codes and refresh tokens", () => {
  test("oidcc-codereuse: a second use is invalid_grant", async () => {
    const given = await signIn();
    expect((await flow.redeem(given)).status).toBe(200);
    const again = await flow.redeem(given);
    expect([again.status, again.body["error"]]).toEqual([400, "invalid_grant"]);
  });

  test("oidcc-codereuse-30seconds: a late second use ends what the first one got", async () => {
    const given = await signIn();
    const { body } = await flow.redeem(given);
    const token = String(body["access_token"]);
    expect((await infoOf(token)).status).toBe(200);
    // Half a minute later, without waiting for it.
    await prisma().$executeRaw`
      UPDATE oidc_artifacts SET consumed_at = consumed_at - interval '30 seconds'
       WHERE kind = 'AuthorizationCode' AND consumed_at IS NOT NULL`;
    expect((await flow.redeem(given)).status).toBe(400);
    expect((await infoOf(token)).status).toBe(401);
  });

  test("oidcc-refresh-token: the same person, and nobody else's token", async () => {
    const first = await tokensOf({ scope: "openid offline_access", prompt: "consent" });
    expect(first.refreshToken).toMatch(/^[\w-]{43,}$/);
    const other = await aClient({ name: "Second", kind: "web", redirectUris: [CALLBACK] });
    const fields = { grant_type: "refresh_token", refresh_token: first.refreshToken };
    const foreign = await post(send, "/token", fields, {
      authorization: basic(other.clientId, other.secret),
    });
    expect([foreign.status, foreign.body["error"]]).toEqual([400, "invalid_grant"]);
    const answer = await post(send, "/token", fields, flow.auth());
    expect(answer.status).toBe(200);
    const claims = await verified(String(answer.body["id_token"]));
    expect([claims.iss, claims.sub, claims.aud]).toEqual([
      first.claims.iss,
      first.claims.sub,
      first.claims.aud,
    ]);
    expect((await infoOf(String(answer.body["access_token"]))).status).toBe(200);
  });
});

interface JsonKey {
  kid: string;
  alg: string;
}

const discovery = async () =>
  (await (await send(`${issuer()}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;

test("oidcc-discovery-endpoint-verification: the document is what it says it is", async () => {
  const answer = await send(`${issuer()}/.well-known/openid-configuration`);
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  const metadata = (await answer.json()) as Record<string, unknown>;
  expect(metadata["issuer"]).toBe(issuer());
  const lists: Record<string, string[]> = {
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: ["authorization_code", "refresh_token"],
  };
  for (const [name, least] of Object.entries(lists)) {
    expect(metadata[name], name).toEqual(expect.arrayContaining(least));
  }
  for (const scope of metadata["scopes_supported"] as string[]) {
    expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (/_endpoint$|_uri$/.test(name)) expect(String(value).startsWith(issuer()), name).toBe(true);
  }
  const { keys } = (await (await send(String(metadata["jwks_uri"]))).json()) as {
    keys: JsonKey[];
  };
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
});

test("front-channel logout and session management are not advertised", async () => {
  const metadata = await discovery();
  expect(Object.keys(metadata).filter((name) => /frontchannel|check_session/.test(name))).toEqual(
    [],
  );
});
