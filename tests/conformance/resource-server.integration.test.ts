import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findArtifact, saveArtifact } from "@/lib/oidc/artifact-store";
import { type ResourceServerTerms, resourceServer } from "@/lib/oidc/resource-server";
import { getConfig } from "@/lib/platform/config";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { aProof, ath, FOR_TOKEN, type Keys } from "@/tests/support/possession";
import { CALLBACK } from "@/tests/support/relying-party";

// A service that knows nothing but the issuer's address, and its own client for what it looks up.

const send = serveMachinePaths();
const api = () => `${getConfig().origin}/api/v1`;
const asked = vi.fn<typeof fetch>(send);

let web: FlowClient;
let gateway: FlowClient;
let session: string;
let userId: string;
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    scopes: ["api:read"],
  });
  gateway = await aClient({
    name: "Gateway",
    kind: "service",
    scopes: ["api:read", "tokens:introspect"],
  });
  ({ id: userId } = await aUser());
  session = await aSession(userId);
});
beforeEach(() => void asked.mockClear());

const guard = (more: Partial<ResourceServerTerms> = {}) =>
  resourceServer({
    issuer: `${getConfig().origin}/oidc`,
    audience: api(),
    client: { id: gateway.clientId, secret: gateway.secret },
    fetch: asked,
    ...more,
  });

const request = (authorization?: string) =>
  new Request("https://orders.example/orders", {
    headers: authorization === undefined ? {} : { authorization },
  });

const aToken = async () =>
  (await flow.tokens(session, { scope: "openid offline_access api:read", resource: api() }))
    .accessToken;

const pathOf = (asked: string | URL | Request): string =>
  new URL(asked instanceof Request ? asked.url : asked).pathname;
const paths = () => asked.mock.calls.map(([url]) => pathOf(url));

describe("a JWT is judged offline (RFC 9068 §4)", () => {
  test("by keys that are fetched once, whoever comes", async () => {
    const judge = guard();
    for (let count = 0; count < 3; count += 1) {
      expect(await judge(request(`Bearer ${await aToken()}`), "api:read")).toMatchObject({
        outcome: "authorized",
        token: { subject: userId, clientId: web.clientId, sessionId: expect.any(String) as string },
      });
    }
    expect(paths()).toEqual(["/oidc/.well-known/openid-configuration", "/oidc/jwks"]);
  });

  test.each<[string, () => Promise<string> | string]>([
    ["that is somebody else's to sign", aForeignToken],
    ["that is cut off", async () => (await aToken()).slice(0, -8)],
    ["that says who somebody is", async () => (await flow.tokens(session)).idToken],
    ["that is none", () => "a.b.c"],
  ])("one %s is refused", async (_, make) => {
    expect(await guard()(request(`Bearer ${await make()}`), "api:read")).toEqual({
      outcome: "refused",
      status: 401,
      challenge: 'Bearer error="invalid_token"',
    });
  });

  test("one for another audience is refused", async () => {
    const judge = guard({ audience: "https://orders.example" });
    expect(await judge(request(`Bearer ${await aToken()}`), "api:read")).toMatchObject({
      status: 401,
    });
  });

  test("one that does not reach so far is 403, and the scope is named (RFC 6750 §3.1)", async () => {
    expect(await guard()(request(`Bearer ${await aToken()}`), "api:write")).toEqual({
      outcome: "refused",
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="api:write"',
    });
  });

  async function aForeignToken(): Promise<string> {
    const { privateKey } = await generateKeyPair("ES256");
    return new SignJWT({ scope: "api:read", client_id: "x", jti: "x", sub: userId })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "x" })
      .setIssuer(`${getConfig().origin}/oidc`)
      .setAudience(api())
      .setIssuedAt()
      .setExpirationTime("1m")
      .sign(privateKey);
  }
});

describe("every other token is looked up (RFC 7662)", () => {
  const answering =
    (answer: object): typeof fetch =>
    async (url, init) =>
      pathOf(url) === "/oidc/token/introspection" ? Response.json(answer) : send(url, init);
  const found = () => ({
    active: true,
    sub: userId,
    client_id: web.clientId,
    scope: "api:read",
    aud: api(),
  });

  test("one that is active and made for us is let in", async () => {
    const judge = guard({ fetch: answering(found()) });
    expect(await judge(request("Bearer opaque"), "api:read")).toMatchObject({
      outcome: "authorized",
      token: { subject: userId, clientId: web.clientId },
    });
  });

  test.each<[string, object]>([
    ["inactive", { active: false }],
    ["for nobody in particular", { aud: undefined }],
    ["for somebody else", { aud: "https://else.example" }],
    ["bound to a key", { cnf: { jkt: "x" } }],
    ["of nobody", { sub: undefined }],
  ])("one that is %s is refused", async (_, change) => {
    const judge = guard({ fetch: answering({ ...found(), ...change }) });
    expect(await judge(request("Bearer opaque"), "api:read")).toMatchObject({ status: 401 });
  });

  test("at the authorization server itself, where one for userinfo is for no service", async () => {
    const { accessToken } = await flow.tokens(session);
    expect(await guard()(request(`Bearer ${accessToken}`), "openid")).toMatchObject({
      status: 401,
    });
    expect(paths()).toContain("/oidc/token/introspection");
  });

  test("at the authorization server itself, where one for this service is good until it is revoked", async () => {
    const { accessToken } = await flow.tokens(session);
    // The engine issues tokens for an API as JWTs; this one has no signature, and the same audience.
    const { payload } = (await findArtifact("AccessToken", accessToken)) ?? {};
    const ours = { ...payload, aud: api(), scope: "api:read" };
    await saveArtifact("AccessToken", accessToken, ours, 60);
    const judge = guard();
    expect(await judge(request(`Bearer ${accessToken}`), "api:read")).toMatchObject({
      outcome: "authorized",
      token: { subject: userId, clientId: web.clientId },
    });
    expect(await judge(request(`Bearer ${accessToken}`), "api:write")).toMatchObject({
      status: 403,
    });
    await post(send, "/token/revocation", { token: accessToken }, flow.auth());
    expect(await judge(request(`Bearer ${accessToken}`), "api:read")).toMatchObject({
      status: 401,
    });
  });

  test("without a client of its own nothing is looked up, and nothing is let in", async () => {
    const { client: _, ...terms } = {
      issuer: `${getConfig().origin}/oidc`,
      audience: api(),
      client: undefined,
    };
    const judge = resourceServer({ ...terms, fetch: answering(found()) });
    expect(await judge(request("Bearer opaque"), "api:read")).toMatchObject({ status: 401 });
  });
});

test("who sends nothing is told of no error (RFC 6750 §3.1)", async () => {
  for (const authorization of [undefined, "Bearer", "Basic eDp5"]) {
    expect(await guard()(request(authorization), "api:read")).toMatchObject({ status: 401 });
  }
  expect(await guard()(request(), "api:read")).toEqual({
    outcome: "refused",
    status: 401,
    challenge: "Bearer",
  });
});

test("an authorization server that cannot be asked is no answer, and is asked again", async () => {
  const token = await aToken();
  asked.mockRejectedValueOnce(new TypeError("fetch failed"));
  const judge = guard();
  await expect(judge(request(`Bearer ${token}`), "api:read")).rejects.toThrow("fetch failed");
  expect(await judge(request(`Bearer ${token}`), "api:read")).toMatchObject({
    outcome: "authorized",
  });
});

describe("a token that is bound to a key (RFC 9449 §7)", () => {
  const ORDERS = "https://orders.example/orders";
  let keys: Keys;
  let token: string;
  beforeAll(async () => {
    keys = await generateKeyPair("ES256", { extractable: true });
    const { body } = await post(
      send,
      "/token",
      { grant_type: "client_credentials", resource: api(), scope: "api:read" },
      {
        authorization: basic(gateway.clientId, gateway.secret),
        dpop: await aProof(keys, FOR_TOKEN()),
      },
    );
    expect(body["token_type"]).toBe("DPoP");
    token = String(body["access_token"]);
  });

  const proof = (claims: Record<string, unknown> = {}, by = keys, header = {}) =>
    aProof(by, { htm: "GET", htu: ORDERS, ath: ath(token), ...claims }, header);
  const bound = (dpop: string | null, scheme = "DPoP") =>
    new Request(ORDERS, {
      headers: { authorization: `${scheme} ${token}`, ...(dpop === null ? {} : { dpop }) },
    });

  /** A guard that remembers proofs, and what it was given to remember. */
  function rememberingGuard() {
    const seen = new Set<string>();
    const rememberProof = vi.fn<(id: string, lifetimeSeconds: number) => Promise<boolean>>(
      async (id) => {
        if (seen.has(id)) return false;
        seen.add(id);
        return true;
      },
    );
    return { judge: guard({ rememberProof }), rememberProof };
  }
  const authorized = { outcome: "authorized", token: { clientId: expect.any(String) as string } };
  const refused = {
    outcome: "refused",
    status: 401,
    challenge: 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519"',
  };

  test("is taken with its proof once; the same proof again is refused, and a new one taken", async () => {
    const { judge, rememberProof } = rememberingGuard();
    const once = await proof();
    expect(await judge(bound(once), "api:read")).toMatchObject(authorized);
    expect(await judge(bound(once), "api:read")).toEqual(refused);
    expect(await judge(bound(await proof()), "api:read")).toMatchObject(authorized);
    // For as long as the proof would be taken.
    for (const [, lifetimeSeconds] of rememberProof.mock.calls) {
      expect(lifetimeSeconds).toBeGreaterThanOrEqual(300);
    }
  });

  test("is refused where nothing remembers proofs", async () => {
    expect(await guard()(bound(await proof()), "api:read")).toEqual(refused);
  });

  test("is refused as a bearer token, without a proof, and with one of another key or use", async () => {
    const { judge, rememberProof } = rememberingGuard();
    const thief = await generateKeyPair("ES256");
    for (const request of [
      bound(null, "Bearer"),
      bound(await proof(), "Bearer"),
      bound(null),
      bound(await proof({}, thief)),
      bound(await proof({ ath: ath("another") })),
      bound(await proof({ htm: "POST" })),
      bound(await proof({ htu: `${ORDERS}/x` })),
      bound(await proof({}, keys, { jwk: await exportJWK(keys.privateKey) })),
    ]) {
      expect(await judge(request, "api:read")).toMatchObject({ outcome: "refused", status: 401 });
    }
    // What proves nothing is not worth remembering.
    expect(rememberProof).not.toHaveBeenCalled();
  });
});
