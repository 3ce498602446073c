import { generateKeyPair } from "jose";
import * as oidc from "openid-client";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findDecision } from "@/lib/authz/find-decision";
import { lockClient, updateClient } from "@/lib/oidc/client-directory-store";
import { insertSecret } from "@/lib/oidc/client-store";
import {
  createInitialToken,
  type InitialTokenWish,
  listInitialTokens,
  revokeInitialToken,
} from "@/lib/oidc/initial-tokens";
import { answerConsent, findInteractionStep } from "@/lib/oidc/interactions";
import { changeClient } from "@/lib/oidc/manage-clients";
import { getConfig } from "@/lib/platform/config";
import { hashSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

Object.assign(getConfig(), { clients: { ...getConfig().clients, byRegistration: true } });

const send = serveMachinePaths();
const registration = () => `${getConfig().origin}/oidc/reg`;

type Json = Record<string, unknown>;

async function ask(
  method: string,
  url: string,
  token: string | null,
  body?: unknown,
): Promise<{ status: number; headers: Headers; body: Json }> {
  const answer = await send(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === "" ? {} : (JSON.parse(text) as Json),
  };
}

async function anInitialToken(wish: Partial<InitialTokenWish> = {}): Promise<string> {
  const made = await createInitialToken(
    { name: "a partner", ...wish },
    { type: "system" },
    aRequest(),
  );
  if (made.outcome !== "created") throw new Error(made.reason);
  return made.token;
}

const METADATA = { client_name: "Partner", redirect_uris: [CALLBACK] };

async function register(fields: Json = {}, wish: Partial<InitialTokenWish> = {}) {
  const answer = await ask("POST", registration(), await anInitialToken(wish), {
    ...METADATA,
    ...fields,
  });
  const { client_id, client_secret, registration_access_token, registration_client_uri } =
    answer.body as Record<string, string>;
  return {
    ...answer,
    id: client_id ?? "",
    secret: client_secret ?? "",
    token: registration_access_token ?? "",
    uri: registration_client_uri ?? "",
  };
}

const clients = () => prisma().oidcClient.count({ where: { source: "dynamic" } });

let session: string;

beforeAll(async () => {
  session = await aSession((await aUser()).id);
});
beforeEach(() => prisma().rateLimit.deleteMany());

describe("the initial access token (RFC 7591 §3, F60)", () => {
  test("without a good one nobody registers", async () => {
    const before = await clients();
    const expired = await anInitialToken({ name: "over" });
    await prisma().oidcInitialToken.updateMany({
      where: { name: "over" },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    const revoked = await anInitialToken({ name: "taken back" });
    const { id } = await prisma().oidcInitialToken.findFirstOrThrow({
      where: { name: "taken back" },
    });
    expect(await revokeInitialToken(id, { type: "system" }, aRequest())).toBe(true);
    const { token: own } = await register();
    for (const token of [null, "nonsense", "x".repeat(43), expired, revoked, own]) {
      const answer = await ask("POST", registration(), token, METADATA);
      expect([token, answer.status >= 400 && answer.status < 402]).toEqual([token, true]);
      expect(answer.body["client_id"]).toBeUndefined();
    }
    expect(await clients()).toBe(before + 1);
  });

  test.each([1, 3])("of fifty who register by one for %i so many get a client", async (usesMax) => {
    const before = await clients();
    const token = await anInitialToken({ usesMax });
    const answers = await race(50, () => ask("POST", registration(), token, METADATA));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(usesMax);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(50 - usesMax);
    expect(await clients()).toBe(before + usesMax);
  });

  test("what does not fit uses nothing up", async () => {
    const token = await anInitialToken();
    const bad = await ask("POST", registration(), token, { ...METADATA, redirect_uris: [] });
    expect(bad.status).toBe(400);
    expect((await ask("POST", registration(), token, METADATA)).status).toBe(201);
  });

  test("is made within limits, listed without itself, and on record", async () => {
    for (const wish of [
      { name: " " },
      { usesMax: 0 },
      { usesMax: 1.5 },
      { usesMax: 100_000 },
      { lifetimeSeconds: 0 },
      { lifetimeSeconds: Number.NaN },
      { lifetimeSeconds: 86_400 * 365 },
      { scopes: ["tokens:introspect"] },
    ]) {
      const made = await createInitialToken({ name: "x", ...wish }, { type: "system" }, aRequest());
      expect([wish, made.outcome]).toEqual([wish, "rejected"]);
    }
    const token = await anInitialToken({ name: "listed" });
    const listed = JSON.stringify(await listInitialTokens());
    expect(listed).toContain("listed");
    expect(listed).not.toContain(token);
    expect(listed).not.toContain("tokenHash");
    expect(
      await prisma().auditEvent.count({ where: { action: "registration_token.created" } }),
    ).toBeGreaterThan(0);
  });
});

describe("what nobody can make of themselves (ATK-28, RFC 7591 §5)", () => {
  test.each<[string, unknown[]]>([
    ["no address", []],
    ["an address with a fragment (oidcc-redirect-uri-regfrag)", [`${CALLBACK}#x`]],
    ["an empty fragment", [`${CALLBACK}#`]],
    ["javascript:", ["javascript:alert(1)"]],
    ["data:", ["data:text/html,x"]],
    ["a file", ["file:///etc/passwd"]],
    ["a plain address", ["http://app.example/callback"]],
    ["a name that looks like this device", ["http://localhost.app.example/callback"]],
    ["a wildcard", ["https://*.app.example/callback"]],
    ["a wildcard in the path", ["https://app.example/*"]],
    ["a relative address", ["/callback"]],
    ["a scheme that nobody owns", ["myapp:/callback"]],
    ["a user in it", ["https://a:b@app.example/callback"]],
    ["backslashes", ["https:\\\\app.example\\callback"]],
    ["one bad among good ones", [CALLBACK, "http://app.example/callback"]],
    ["no text", [1]],
    ["far too many", Array.from({ length: 21 }, (_, index) => `${CALLBACK}${index}`)],
  ])("redirect_uris with %s", async (_, redirect_uris) => {
    const answer = await register({ redirect_uris });
    expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_redirect_uri"]);
  });

  test.each<[string, Json]>([
    ["a logo that runs (oidcc-registration-logo-uri)", { logo_uri: "javascript:alert(1)" }],
    ["a plain logo", { logo_uri: "http://app.example/logo.png" }],
    ["a plain policy (oidcc-registration-policy-uri)", { policy_uri: "http://app.example/p" }],
    ["terms as data (oidcc-registration-tos-uri)", { tos_uri: "data:text/html,x" }],
    [
      "keys by plain http (oidcc-registration-jwks-uri)",
      { jwks_uri: "http://app.example/jwks", token_endpoint_auth_method: "private_key_jwt" },
    ],
    ["a name of two lines", { client_name: "a\nb" }],
    ["a name that is none", { client_name: " " }],
    ["a way in that there is not", { token_endpoint_auth_method: "client_secret_jwt" }],
    ["a key without keys", { token_endpoint_auth_method: "private_key_jwt" }],
    [
      "a private key",
      {
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [{ kty: "EC", crv: "P-256", x: "x", y: "y", d: "d" }] },
      },
    ],
    ["an algorithm that there is not", { id_token_signed_response_alg: "none" }],
    ["a NUL", { client_name: "a\u0000b" }],
  ])("%s", async (_, fields) => {
    const answer = await register(fields);
    expect([answer.status, answer.body["client_id"]]).toEqual([400, undefined]);
  });

  test("one of ours, or one that acts for itself or reaches further", async () => {
    const made = await register({
      client_id: "gatehouse",
      client_secret: "chosen",
      client_secret_expires_at: 9_999_999_999,
      source: "registered",
      first_party: true,
      resource_scopes: ["api:write", "tokens:introspect"],
      grant_types: ["authorization_code", "client_credentials", "implicit", "password"],
      response_types: ["token"],
      scope: "openid tokens:introspect",
      sector_identifier_uri: "https://app.example/sector",
    });
    expect(made.status).toBe(201);
    expect(made.id).not.toBe("gatehouse");
    expect(made.secret).not.toBe("chosen");
    for (const name of ["source", "first_party", "resource_scopes", "sector_identifier_uri"]) {
      expect(made.body).not.toHaveProperty(name);
    }
    expect(made.body).toMatchObject({
      grant_types: ["authorization_code"],
      response_types: ["code"],
    });
    const row = await prisma().oidcClient.findUniqueOrThrow({ where: { id: made.id } });
    expect(row).toMatchObject({ source: "dynamic", firstParty: false, scopes: ["api:read"] });
    const auth = { authorization: basic(made.id, made.secret) };
    const itself = await post(send, "/token", { grant_type: "client_credentials" }, auth);
    expect(itself.body["access_token"]).toBeUndefined();
    const end = await new Browser(send, session).authorize(
      authorizationUrl(made.id, aPkce(), { prompt: "none" }),
    );
    expect(end.searchParams.get("error")).toBe("consent_required");
  });

  test("more of the API than the initial token says, also later", async () => {
    const api = `${getConfig().origin}/api/v1`;
    const writes = await register({}, { scopes: ["api:read", "api:write"] });
    const reads = await register();
    const changed = await ask("PUT", reads.uri, reads.token, {
      ...METADATA,
      client_id: reads.id,
      resource_scopes: ["api:write"],
      first_party: true,
    });
    expect(changed.status).toBe(200);
    for (const [client, allowed] of [
      [writes, true],
      [reads, false],
    ] as const) {
      const end = await new Browser(send, session).authorize(
        authorizationUrl(client.id, aPkce(), { resource: api, scope: "api:read api:write" }),
      );
      const row = await prisma().oidcClient.findUniqueOrThrow({ where: { id: client.id } });
      expect([row.scopes.includes("api:write"), row.firstParty]).toEqual([allowed, false]);
      expect(end.searchParams.get("code")).not.toBeNull();
    }
  });
});

test("a client that has registered itself says whether its requests are pushed (RFC 9126 §6, F54)", async () => {
  const name = "require_pushed_authorization_requests";
  const made = await register({ [name]: true });
  expect(made.body[name]).toBe(true);
  const open = async () => {
    const end = await new Browser(send, session).authorize(authorizationUrl(made.id, aPkce()));
    return end.searchParams.get("error");
  };
  expect(await open()).toBe("invalid_request");
  const read = await ask("GET", made.uri, made.token);
  expect(read.body[name]).toBe(true);
  const changed = await ask("PUT", made.uri, String(read.body["registration_access_token"]), {
    ...METADATA,
    client_id: made.id,
  });
  expect(changed.status).toBe(200);
  expect(await open()).toBeNull();
});

describe("openid-client registers itself and signs somebody in", () => {
  test("with a secret that is told once and stored as a hash", async () => {
    const config = await oidc.dynamicClientRegistration(
      new URL(`${getConfig().origin}/oidc`),
      { ...METADATA, grant_types: ["authorization_code", "refresh_token"] },
      undefined,
      {
        initialAccessToken: await anInitialToken(),
        execute: [oidc.allowInsecureRequests],
        [oidc.customFetch]: send as never,
      },
    );
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: "openid offline_access",
      prompt: "consent",
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state: "a-state",
    });
    const end = await new Browser(send, session).authorize(url.href);
    const tokens = await oidc.authorizationCodeGrant(config, end, {
      pkceCodeVerifier: verifier,
      expectedState: "a-state",
    });
    expect(tokens.refresh_token).toEqual(expect.any(String));
    const { client_id, client_secret } = config.clientMetadata();
    const stored = JSON.stringify(
      await prisma().oidcClient.findUniqueOrThrow({ where: { id: client_id } }),
    );
    expect(stored).not.toContain(String(client_secret));
  });

  test("with a key of its own, or with neither", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "a" };
    const signs = await register({
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [jwk] },
    });
    expect(signs.body["client_secret"]).toBeUndefined();
    const config = await oidc.discovery(
      new URL(`${getConfig().origin}/oidc`),
      signs.id,
      undefined,
      oidc.PrivateKeyJwt({ key: privateKey, kid: "a" }),
      { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: send as never },
    );
    expect((await oidc.tokenIntrospection(config, "x")).active).toBe(false);
    const native = await register({
      token_endpoint_auth_method: "none",
      redirect_uris: ["http://127.0.0.1/callback", "com.example.app:/callback"],
    });
    expect(native.body).toMatchObject({ application_type: "native" });
    const row = await prisma().oidcClient.findUniqueOrThrow({ where: { id: native.id } });
    expect(row).toMatchObject({ kind: "native" });
  });
});

describe("its own record (RFC 7592, F61)", () => {
  test("is read with what was registered, and without a secret that nobody has", async () => {
    const made = await register({
      client_uri: "https://app.example",
      logo_uri: "https://app.example/logo.png",
      contacts: ["a@app.example"],
    });
    const read = await ask("GET", made.uri, made.token);
    expect(read.status).toBe(200);
    expect(read.headers.get("cache-control")).toContain("no-store");
    expect(read.body).toMatchObject({
      client_id: made.id,
      client_name: "Partner",
      client_uri: "https://app.example",
      logo_uri: "https://app.example/logo.png",
      contacts: ["a@app.example"],
      redirect_uris: [CALLBACK],
      registration_client_uri: made.uri,
    });
    for (const name of ["client_secret", "source", "first_party", "resource_scopes"]) {
      expect(read.body).not.toHaveProperty(name);
    }
  });

  test("is changed as a whole, and by another token each time", async () => {
    const made = await register({ client_uri: "https://app.example" });
    const change = { ...METADATA, client_id: made.id, redirect_uris: [`${CALLBACK}/new`] };
    const first = await ask("PUT", made.uri, made.token, change);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ redirect_uris: [`${CALLBACK}/new`] });
    expect(first.body).not.toHaveProperty("client_uri");
    expect(first.body).not.toHaveProperty("client_secret");
    const next = String(first.body["registration_access_token"]);
    expect(next).not.toBe(made.token);
    expect((await ask("GET", made.uri, made.token)).status).toBe(401);
    expect((await ask("PUT", made.uri, made.token, change)).status).toBe(401);
    expect((await ask("GET", made.uri, next)).status).toBe(200);
    // Its secret is what it was.
    const auth = { authorization: basic(made.id, made.secret) };
    const still = await post(send, "/token/introspection", { token: "x" }, auth);
    expect([still.status, still.body]).toEqual([200, { active: false }]);
  });

  test("is changed by one of fifty with one token", async () => {
    const made = await register();
    const answers = await race(50, (index) =>
      ask("PUT", made.uri, made.token, {
        ...METADATA,
        client_id: made.id,
        client_name: `Partner ${index}`,
      }),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    const next = String(won[0]?.body["registration_access_token"]);
    expect((await ask("GET", made.uri, next)).body["client_name"]).toBe(
      won[0]?.body["client_name"],
    );
  });

  test("changed by itself gives nothing back that was taken from it meanwhile", async () => {
    const made = await register({}, { scopes: ["api:read", "api:write"] });
    const { version } = await prisma().oidcClient.findUniqueOrThrow({ where: { id: made.id } });
    const body = { ...METADATA, client_id: made.id, client_name: "Changed" };
    const change = await inTransaction(async (tx) => {
      await lockClient(made.id, tx);
      const asked = ask("PUT", made.uri, made.token, body);
      await vi.waitFor(async () => {
        const [row] = await prisma().$queryRaw<[{ waiting: number }]>`
          SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted`;
        expect(row.waiting).toBeGreaterThan(0);
      });
      await updateClient(made.id, { scopes: ["api:read"] }, tx);
      await tx.oidcClientSecret.deleteMany({ where: { clientId: made.id } });
      await insertSecret(made.id, hashSecret("another"), tx);
      return { asked };
    });
    expect((await change.asked).status).toBe(200);
    const row = await prisma().oidcClient.findUniqueOrThrow({
      where: { id: made.id },
      include: { secrets: true },
    });
    expect(row).toMatchObject({ name: "Changed", scopes: ["api:read"] });
    expect(row.secrets.map(({ hash }) => Buffer.from(hash))).toEqual([
      Buffer.from(hashSecret("another")),
    ]);
    // Whoever decides on it by what they have read is told that it is another now.
    expect(row.version).toBe(version + 2);
  });

  test("takes its own secret beside a change, and no other: neither wrong nor the hash", async () => {
    const made = await register();
    const change = { ...METADATA, client_id: made.id };
    const { hash: stored } = await prisma().oidcClientSecret.findFirstOrThrow({
      where: { clientId: made.id },
    });
    const hash = Buffer.from(stored).toString("base64url");
    for (const client_secret of ["wrong", hash, "", 1, null]) {
      const answer = await ask("PUT", made.uri, made.token, { ...change, client_secret });
      expect([client_secret, answer.status]).toEqual([client_secret, 400]);
      expect(JSON.stringify(answer.body)).not.toContain(hash);
    }
    const right = await ask("PUT", made.uri, made.token, { ...change, client_secret: made.secret });
    expect(right.status).toBe(200);
    expect(JSON.stringify(right.body)).not.toContain(hash);
  });

  test("gets a secret when it begins to need one, and loses it when it does not", async () => {
    const made = await register({ token_endpoint_auth_method: "none" });
    expect(made.secret).toBe("");
    const basicNow = await ask("PUT", made.uri, made.token, { ...METADATA, client_id: made.id });
    const secret = String(basicNow.body["client_secret"]);
    const auth = { authorization: basic(made.id, secret) };
    expect((await post(send, "/token/introspection", { token: "x" }, auth)).status).toBe(200);
    const none = await ask("PUT", made.uri, String(basicNow.body["registration_access_token"]), {
      ...METADATA,
      client_id: made.id,
      token_endpoint_auth_method: "none",
    });
    expect(none.status).toBe(200);
    expect(none.body).not.toHaveProperty("client_secret");
    expect((await post(send, "/token/introspection", { token: "x" }, auth)).status).toBe(401);
  });

  test.each<[string, Json]>([
    ["another id", { client_id: "gatehouse" }],
    ["no id", { client_id: undefined }],
    ["a token of its own choice", { registration_access_token: "x" }],
    ["a later end of its secret", { client_secret_expires_at: 1 }],
    ["bad addresses", { redirect_uris: ["javascript:alert(1)"] }],
  ])("is not changed with %s, and the token stays good", async (_, fields) => {
    const made = await register();
    const answer = await ask("PUT", made.uri, made.token, {
      ...METADATA,
      client_id: made.id,
      ...fields,
    });
    expect(answer.status).toBe(400);
    expect((await ask("GET", made.uri, made.token)).body).toMatchObject(METADATA);
  });

  test("is nobody else's", async () => {
    const made = await register();
    const other = await register();
    const web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
    for (const token of [null, "nonsense", await anInitialToken()]) {
      expect((await ask("GET", made.uri, token)).status).toBeGreaterThanOrEqual(400);
      expect((await ask("DELETE", made.uri, token)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await ask("DELETE", `${registration()}/${web.clientId}`, other.token)).status).toBe(
      401,
    );
    expect((await ask("GET", `${registration()}/gatehouse`, made.token)).status).toBe(401);
    for (const id of [web.clientId, "gatehouse", made.id, other.id]) {
      expect(await prisma().oidcClient.count({ where: { id } })).toBe(1);
    }
  });

  test("is taken away by itself, with everything that was issued to it", async () => {
    const made = await register({ grant_types: ["authorization_code"] });
    const pkce = aPkce();
    const end = await new Browser(send, session).authorize(authorizationUrl(made.id, pkce));
    const auth = { authorization: basic(made.id, made.secret) };
    const tokens = await post(
      send,
      "/token",
      {
        grant_type: "authorization_code",
        redirect_uri: CALLBACK,
        code: end.searchParams.get("code") ?? "",
        code_verifier: pkce.verifier,
      },
      auth,
    );
    expect(tokens.status).toBe(200);
    const answers = await race(20, () => ask("DELETE", made.uri, made.token));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await prisma().oidcClient.count({ where: { id: made.id } })).toBe(0);
    expect(await prisma().oidcGrant.count({ where: { clientId: made.id } })).toBe(0);
    const info = await send(`${getConfig().origin}/oidc/me`, {
      headers: { authorization: `Bearer ${String(tokens.body["access_token"])}` },
    });
    expect(info.status).toBe(401);
    const events = await prisma().auditEvent.findMany({ where: { targetId: made.id } });
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["client.registered", "client.removed_itself"]),
    );
  });
});

describe("a client that says something new of itself (ATK-27, RFC 7592 §2.2)", () => {
  const EVIL = "https://evil.example/cb";
  const scope = "openid email api:read api:write";
  const ES256 = { kty: "EC", crv: "P-256" };
  const keysOf = async (kid: string) => {
    const { publicKey } = await generateKeyPair("ES256", { extractable: true });
    return { ...(await crypto.subtle.exportKey("jwk", publicKey)), ...ES256, kid };
  };
  const authorize = (id: string, redirect_uri = CALLBACK, more: Record<string, string> = {}) =>
    new Browser(send, session).authorize(
      authorizationUrl(id, aPkce(), {
        resource: `${getConfig().origin}/api/v1`,
        scope,
        redirect_uri,
        ...more,
      }),
    );
  /** Whether its user is asked, when it asks for what they have allowed. */
  const asks = async (id: string, redirect_uri = CALLBACK): Promise<boolean> => {
    const end = await authorize(id, redirect_uri, { prompt: "none" });
    return end.searchParams.get("error") === "consent_required";
  };
  /** One that a user has allowed all that it may have. */
  async function allowed(fields: Json = {}) {
    const made = await register(
      { token_endpoint_auth_method: "none", ...fields },
      { scopes: ["api:read", "api:write"] },
    );
    expect((await authorize(made.id)).searchParams.get("code")).not.toBeNull();
    expect(await asks(made.id)).toBe(false);
    let { token } = made;
    const put = async (change: Json) => {
      const body = {
        ...METADATA,
        token_endpoint_auth_method: "none",
        ...fields,
        client_id: made.id,
        ...change,
      };
      const answer = await ask("PUT", made.uri, token, body);
      if (answer.status === 200) token = String(answer.body["registration_access_token"]);
      return answer;
    };
    return { ...made, put, remove: () => ask("DELETE", made.uri, token) };
  }

  test("asks its users anew at an address that it did not have", async () => {
    const client = await allowed();
    for (const redirect_uris of [[EVIL], [CALLBACK, EVIL]]) {
      expect((await client.put({ client_name: "Your Bank", redirect_uris })).status).toBe(200);
      expect(await asks(client.id, EVIL)).toBe(true);
    }
    expect(await prisma().oidcGrant.count({ where: { clientId: client.id } })).toBe(0);
    // An address less asks nobody anew.
    await authorize(client.id);
    await client.put({});
    expect(await asks(client.id)).toBe(false);
  });

  test("is not allowed anything by who was asked before that", async () => {
    const client = await allowed();
    const fresh = await aSession((await aUser()).id);
    const caller = await callerWith(fresh);
    const asked = authorizationUrl(client.id, aPkce(), { scope });
    const { headers } = await new Browser(send, fresh).get(asked);
    const uid = headers.get("location")?.split("/").at(-1) ?? "";
    expect((await findInteractionStep(uid, caller)).step).toBe("consent");
    await client.put({ redirect_uris: [CALLBACK, EVIL] });
    expect((await findInteractionStep(uid, caller)).step).toBe("unknown");
    expect(await answerConsent(caller, uid, true)).toEqual({ outcome: "rejected", reason: "gone" });
    expect(await prisma().oidcGrant.count({ where: { clientId: client.id } })).toBe(0);
  });

  test("asks its users anew when something else proves that it is itself", async () => {
    const [first, second] = [await keysOf("a"), await keysOf("b")];
    const signs = { token_endpoint_auth_method: "private_key_jwt" };
    const client = await allowed({ ...signs, jwks: { keys: [first] } });
    for (const change of [
      { jwks: { keys: [first, second] } },
      { jwks: undefined, jwks_uri: "https://evil.example/jwks" },
      { jwks: { keys: [first] } },
      { jwks: undefined, token_endpoint_auth_method: "client_secret_basic" },
      { jwks: undefined, token_endpoint_auth_method: "none" },
      { jwks: undefined, token_endpoint_auth_method: "client_secret_basic" },
    ]) {
      await authorize(client.id);
      expect(await asks(client.id)).toBe(false);
      expect([change, (await client.put(change)).status]).toEqual([change, 200]);
      expect([change, await asks(client.id)]).toEqual([change, true]);
    }
  });

  test("asks nobody anew for another name, a key less, or the same secret", async () => {
    const [first, second] = [await keysOf("a"), await keysOf("b")];
    const signs = { token_endpoint_auth_method: "private_key_jwt" };
    const client = await allowed({ ...signs, jwks: { keys: [first, second] } });
    await client.put({ client_name: "Renamed", jwks: { keys: [second] } });
    expect(await asks(client.id)).toBe(false);
    const keeps = await allowed({ token_endpoint_auth_method: "client_secret_basic" });
    await keeps.put({ client_name: "Renamed", client_secret: keeps.secret });
    expect(await asks(keeps.id)).toBe(false);
  });

  test.each<[string, Json, object]>([
    ["is one of ours", {}, { firstParty: true }],
    [
      "looks up tokens",
      { token_endpoint_auth_method: "client_secret_basic" },
      { scopes: ["api:read", "tokens:introspect"] },
    ],
  ])("says nothing while it %s, and may still go", async (_, fields, terms) => {
    const admin = await aCaller({ roles: ["Admin"] });
    const client = await allowed(fields);
    expect(await changeClient(admin, client.id, terms, null)).toMatchObject({ outcome: "changed" });
    const read = () => prisma().oidcClient.findUniqueOrThrow({ where: { id: client.id } });
    const before = await read();
    for (const change of [{ redirect_uris: [EVIL] }, { client_name: "Renamed" }, {}]) {
      const answer = await client.put(change);
      expect([answer.status, answer.body["error"]]).toEqual([403, "invalid_request"]);
      const decision = await findDecision(admin, String(answer.body["decision_id"]));
      expect(decision).toMatchObject({ kind: "gate", trace: { target: { id: client.id } } });
    }
    expect(await read()).toEqual(before);
    expect(await asks(client.id, EVIL)).toBe(false);
    const refused = { targetId: client.id, action: "authorization.denied", outcome: "denied" };
    expect(await prisma().auditEvent.count({ where: refused as never })).toBe(3);
    expect((await client.remove()).status).toBe(204);
  });

  test("does not lose by itself what an administrator made of it", async () => {
    const admin = await aCaller({ roles: ["Admin"] });
    const client = await allowed();
    // The administrator is first, the client's own change waits behind them.
    const { asked } = await inTransaction(async (tx) => {
      await lockClient(client.id, tx);
      const change = client.put({ redirect_uris: [EVIL] });
      await vi.waitFor(async () => {
        const [row] = await prisma().$queryRaw<[{ waiting: number }]>`
          SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted`;
        expect(row.waiting).toBeGreaterThan(0);
      });
      await updateClient(client.id, { firstParty: true }, tx);
      return { asked: change };
    });
    expect((await asked).status).toBe(403);
    const row = await prisma().oidcClient.findUniqueOrThrow({ where: { id: client.id } });
    expect(row).toMatchObject({ firstParty: true, redirectUris: [CALLBACK] });
    await changeClient(admin, client.id, { firstParty: false }, null);
    expect((await client.put({})).status).toBe(200);
  });
});
