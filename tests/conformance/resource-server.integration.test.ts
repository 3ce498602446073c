import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findArtifact, saveArtifact } from "@/lib/oidc/artifact-store";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { createGuard, type GuardOptions, type Requirement } from "@/packages/guard/src/guard";
import { readWeb } from "@/packages/guard/src/web";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser } from "@/tests/support/builders";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { anInvoice } from "@/tests/support/invoices";
import { aProof, ath, FOR_TOKEN, type Keys } from "@/tests/support/possession";
import { CALLBACK } from "@/tests/support/relying-party";
import { aRole, aUserHolding } from "@/tests/support/roles";

// The guard of a service (packages/guard) knows nothing but the issuer's address, and its own client for
// what it looks up. Here it meets what it was made for.

const send = serveMachinePaths();
const api = () => `${getConfig().origin}/api/v1`;
const asked = vi.fn<typeof fetch>(send);

let web: FlowClient;
let service: FlowClient;
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
  service = await aClient({
    name: "Orders",
    kind: "service",
    scopes: ["api:read", "tokens:introspect"],
  });
  ({ id: userId } = await aUser());
  session = await aSession(userId);
});
beforeEach(() => void asked.mockClear());

const ORDERS = "https://orders.example/orders";

/** Judges requests for somebody's orders; what was looked up is not kept. */
function guard(more: Partial<GuardOptions> = {}) {
  const own = createGuard({
    issuer: `${getConfig().origin}/oidc`,
    accessTokens: { audience: api() },
    publicUrl: new URL(ORDERS).origin,
    client: { id: service.clientId, secret: service.secret },
    introspection: { when: "opaque", cacheSeconds: 0 },
    fetch: asked,
    ...more,
  });
  return (headers: Record<string, string>, requirement: Requirement = { scopes: ["api:read"] }) =>
    own.authenticate(readWeb(new Request(ORDERS, { headers })), requirement);
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

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
      expect(await judge(bearer(await aToken()))).toMatchObject({
        outcome: "allowed",
        identity: { subject: userId, clientId: web.clientId, kind: "user" },
      });
    }
    expect(paths()).toEqual(["/oidc/jwks"]);
  });

  test("that a service got for itself", async () => {
    const { body } = await post(
      send,
      "/token",
      { grant_type: "client_credentials", resource: api(), scope: "api:read" },
      { authorization: basic(service.clientId, service.secret) },
    );
    expect(await guard()(bearer(String(body["access_token"])))).toMatchObject({
      outcome: "allowed",
      identity: { subject: service.clientId, clientId: service.clientId, kind: "service" },
    });
  });

  test.each<[string, () => Promise<string> | string]>([
    ["that is somebody else's to sign", aForeignToken],
    ["that is cut off", async () => (await aToken()).slice(0, -8)],
    ["that says who somebody is", async () => (await flow.tokens(session)).idToken],
    ["that is none", () => "a.b.c"],
  ])("one %s is refused", async (_, make) => {
    expect(await guard()(bearer(await make()))).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Bearer error="invalid_token"' },
    });
  });

  test("one for another audience is refused", async () => {
    const judge = guard({ accessTokens: { audience: "https://orders.example" } });
    expect(await judge(bearer(await aToken()))).toMatchObject({ status: 401 });
  });

  test("one that does not reach so far is 403, and the scope is named (RFC 6750 §3.1)", async () => {
    expect(await guard()(bearer(await aToken()), { scopes: ["api:write"] })).toMatchObject({
      status: 403,
      headers: { "www-authenticate": 'Bearer error="insufficient_scope", scope="api:write"' },
    });
  });

  test("one that was revoked is refused where it is looked up as well", async () => {
    const judge = guard({ introspection: { when: "always", cacheSeconds: 0 } });
    const token = await aToken();
    expect(await judge(bearer(token))).toMatchObject({ outcome: "allowed" });
    await post(send, "/token/revocation", { token }, flow.auth());
    expect(await judge(bearer(token))).toMatchObject({ status: 401 });
    expect(await guard()(bearer(token))).toMatchObject({ outcome: "allowed" });
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
  test("at the authorization server itself, where one for userinfo is for no service", async () => {
    const { accessToken } = await flow.tokens(session);
    expect(await guard()(bearer(accessToken), {})).toMatchObject({ status: 401 });
    expect(paths()).toContain("/oidc/token/introspection");
  });

  test("at the authorization server itself, where one for this service is good until it is revoked", async () => {
    const { accessToken } = await flow.tokens(session);
    // The engine issues tokens for an API as JWTs; this one has no signature, and the same audience.
    const { payload } = (await findArtifact("AccessToken", accessToken)) ?? {};
    const ours = { ...payload, aud: api(), scope: "api:read" };
    await saveArtifact("AccessToken", accessToken, ours, 60);
    const judge = guard();
    expect(await judge(bearer(accessToken))).toMatchObject({
      outcome: "allowed",
      identity: { subject: userId, clientId: web.clientId },
    });
    expect(await judge(bearer(accessToken), { scopes: ["api:write"] })).toMatchObject({
      status: 403,
    });
    await post(send, "/token/revocation", { token: accessToken }, flow.auth());
    expect(await judge(bearer(accessToken))).toMatchObject({ status: 401 });
  });
});

test("who sends nothing is told of no error (RFC 6750 §3.1)", async () => {
  const sent: Record<string, string>[] = [
    {},
    { authorization: "Bearer" },
    { authorization: "Basic eDp5" },
  ];
  for (const headers of sent) {
    expect(await guard({ publicUrl: undefined })(headers)).toMatchObject({
      status: 401,
      headers: { "www-authenticate": "Bearer" },
    });
  }
});

test("an authorization server that cannot be asked is no answer, and is asked again", async () => {
  let later = 0;
  const token = await aToken();
  asked.mockRejectedValueOnce(new TypeError("fetch failed"));
  const judge = guard({ now: () => Date.now() + later });
  expect(await judge(bearer(token))).toMatchObject({ status: 503 });
  later = 6_000;
  expect(await judge(bearer(token))).toMatchObject({ outcome: "allowed" });
});

test("what somebody may do is decided by Gatehouse, for what it knows of them (F94)", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const { organizationId } = admin.principal;
  const { clientId } = service;
  await prisma().serviceAccount.create({ data: { clientId, organizationId } });
  const roleId = await aRole({ evaluate_access: "all" });
  await prisma().serviceAccountRole.create({ data: { clientId, roleId } });
  const alice = await aUserHolding({ view_invoice: "own" });
  const { id } = await anInvoice(admin);
  await prisma().invoice.update({ where: { id }, data: { ownerId: alice.id } });
  const theirs = await aSession(alice.id);
  const { accessToken } = await flow.tokens(theirs, {
    scope: "openid offline_access api:read",
    resource: api(),
  });
  const judge = guard({ decisions: { cacheSeconds: 0 } });
  const about = (action: string): Requirement => ({
    decision: { action, resource: { type: "Invoice", id } },
  });
  expect(await judge(bearer(accessToken), about("view_invoice"))).toMatchObject({
    outcome: "allowed",
    identity: { subject: alice.id },
  });
  const denied = { status: 403, code: "access_denied", reason: "no-grant" };
  expect(await judge(bearer(accessToken), about("delete_invoice"))).toMatchObject(denied);
  await prisma().invoice.update({ where: { id }, data: { ownerId: userId } });
  expect(await judge(bearer(accessToken), about("view_invoice"))).toMatchObject({ status: 403 });
});

describe("a token that is bound to a key (RFC 9449 §7)", () => {
  let keys: Keys;
  let token: string;
  beforeAll(async () => {
    keys = await generateKeyPair("ES256", { extractable: true });
    const { body } = await post(
      send,
      "/token",
      { grant_type: "client_credentials", resource: api(), scope: "api:read" },
      {
        authorization: basic(service.clientId, service.secret),
        dpop: await aProof(keys, FOR_TOKEN()),
      },
    );
    expect(body["token_type"]).toBe("DPoP");
    token = String(body["access_token"]);
  });

  const proof = (claims: Record<string, unknown> = {}, by = keys, header = {}) =>
    aProof(by, { htm: "GET", htu: ORDERS, ath: ath(token), ...claims }, header);
  const bound = (dpop: string | null, scheme = "DPoP") => ({
    authorization: `${scheme} ${token}`,
    ...(dpop === null ? {} : { dpop }),
  });

  test("is taken with its proof once; the same proof again is refused, and a new one taken", async () => {
    const judge = guard();
    const once = await proof();
    expect(await judge(bound(once))).toMatchObject({ outcome: "allowed" });
    expect(await judge(bound(once))).toMatchObject({
      status: 401,
      headers: {
        "www-authenticate": 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519"',
      },
    });
    expect(await judge(bound(await proof()))).toMatchObject({ outcome: "allowed" });
  });

  test("is refused as a bearer token, without a proof, and with one of another key or use", async () => {
    const judge = guard();
    const thief = await generateKeyPair("ES256");
    for (const sent of [
      bound(null, "Bearer"),
      bound(await proof(), "Bearer"),
      bound(null),
      bound(await proof({}, thief)),
      bound(await proof({ ath: ath("another") })),
      bound(await proof({ htm: "POST" })),
      bound(await proof({ htu: `${ORDERS}/x` })),
      bound(await proof({}, keys, { jwk: await exportJWK(keys.privateKey) })),
    ]) {
      expect(await judge(sent)).toMatchObject({ outcome: "refused", status: 401 });
    }
  });
});
