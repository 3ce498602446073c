import { generateKeyPair } from "jose";
import * as oauth from "oauth4webapi";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findInteractionStep } from "@/lib/oidc/interactions";
import { changeClient } from "@/lib/oidc/manage-clients";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser, callerWith } from "@/tests/support/builders";
import { serveDocuments } from "@/tests/support/document-server";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser } from "@/tests/support/relying-party";

Object.assign(getConfig(), { clients: { ...getConfig().clients, byDocument: true } });

const send = serveMachinePaths();
const documents = serveDocuments({ secure: true });
const api = () => `${getConfig().origin}/api/v1`;
const LOOPBACK = "http://127.0.0.1/callback";

let session: string;
let userId: string;

beforeAll(async () => {
  ({ id: userId } = await aUser());
  session = await aSession(userId);
});

// Each test is a network of its own.
beforeEach(() => prisma().rateLimit.deleteMany());

let count = 0;
/** A document at an address of its own; what is undefined is left out. */
function aDocument(fields: Record<string, unknown> = {}, path = `/${(count += 1)}.json`): string {
  const client_id = documents.url(path);
  documents.put(path, {
    client_id,
    client_name: "Notes with a model",
    redirect_uris: [LOOPBACK],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    ...fields,
  });
  return client_id;
}

const pathOf = (id: string) => new URL(id).pathname;

const authorize = (id: string, parameters: Record<string, string | null> = {}, pkce = aPkce()) =>
  new Browser(send, session).authorize(
    authorizationUrl(id, pkce, { redirect_uri: LOOPBACK, ...parameters }),
  );

const options = {
  [oauth.customFetch]: (url: string, init: unknown) => send(url, init as RequestInit),
  [oauth.allowInsecureRequests]: true,
} as const;

describe("a client that nobody has registered signs in (F69)", () => {
  test("from a refusal of the API to an answer of it, knowing nothing but its address", async () => {
    // What a program that speaks MCP has: the address of a resource, a document, a browser.
    const id = aDocument({ redirect_uris: ["http://127.0.0.1/callback"] });
    const redirectUri = "http://127.0.0.1:49152/callback";
    const refused = await send(`${api()}/me`);
    expect(refused.status).toBe(401);
    const pointer = /resource_metadata="([^"]+)"/.exec(
      refused.headers.get("www-authenticate") ?? "",
    )?.[1];
    const about = await oauth.processResourceDiscoveryResponse(
      new URL(api()),
      await send(pointer ?? ""),
    );
    const issuer = new URL(about.authorization_servers?.[0] ?? "");
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options }),
    );
    expect(server["client_id_metadata_document_supported"]).toBe(true);
    expect(server.code_challenge_methods_supported).toContain("S256");

    const client: oauth.Client = { client_id: id };
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint ?? "");
    url.search = new URLSearchParams({
      client_id: id,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "api:read",
      resource: about.resource,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }).toString();
    const end = await new Browser(send, session).authorize(url.href);
    expect(end.origin).toBe("http://127.0.0.1:49152");
    const parameters = oauth.validateAuthResponse(server, client, end, state);
    const tokens = await oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        parameters,
        redirectUri,
        verifier,
        { additionalParameters: { resource: about.resource }, ...options },
      ),
    );
    expect(tokens.scope).toBe("api:read");
    const me = await oauth.protectedResourceRequest(
      tokens.access_token,
      "GET",
      new URL(`${api()}/me`),
      undefined,
      undefined,
      options,
    );
    expect(me.status).toBe(200);
    expect(await me.json()).toMatchObject({ id: userId });
    // What its user allowed is a row like any other's: taking it back ends the token.
    await prisma().oidcClient.delete({ where: { id } });
    const after = await send(`${api()}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(after.status).toBe(401);
  });

  test("by a key of its own, and by nothing else", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "a" };
    const id = aDocument({
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [jwk] },
      redirect_uris: [documents.url("/callback")],
    });
    const pkce = aPkce();
    const redirect_uri = documents.url("/callback");
    const end = await authorize(id, { redirect_uri }, pkce);
    const fields = {
      grant_type: "authorization_code",
      redirect_uri,
      code: end.searchParams.get("code") ?? "",
      code_verifier: pkce.verifier,
    };
    expect((await post(send, "/token", { ...fields, client_id: id })).status).toBe(401);
    const server = { issuer: `${getConfig().origin}/oidc` };
    const body = new URLSearchParams(fields);
    const headers = new Headers();
    await oauth.PrivateKeyJwt({ key: privateKey, kid: "a" })(
      server,
      { client_id: id },
      body,
      headers,
    );
    expect((await post(send, "/token", Object.fromEntries(body))).status).toBe(200);
    const itself = await post(send, "/token", {
      grant_type: "client_credentials",
      client_id: id,
    });
    expect(itself.status).toBeGreaterThanOrEqual(400);
  });
});

describe("what a document cannot make of a client (ATK-28)", () => {
  test.each<[string, Record<string, unknown>]>([
    ["that names another id", { client_id: "https://other.example/client.json" }],
    ["without an id", { client_id: undefined }],
    ["with a secret", { client_secret: "a-secret" }],
    ["with an end of its secret", { client_secret_expires_at: 0 }],
    ["that wants to send a secret", { token_endpoint_auth_method: "client_secret_basic" }],
    ["that wants to post a secret", { token_endpoint_auth_method: "client_secret_post" }],
    ["that signs by a shared secret", { token_endpoint_auth_method: "client_secret_jwt" }],
    ["that signs without a key", { token_endpoint_auth_method: "private_key_jwt" }],
    ["with an address at another host", { redirect_uris: ["https://evil.example/callback"] }],
    ["with a plain address", { redirect_uris: ["http://app.example/callback"] }],
    ["with javascript:", { redirect_uris: ["javascript:alert(1)"] }],
    ["with data:", { redirect_uris: ["data:text/html,x"] }],
    ["with a scheme that nobody owns", { redirect_uris: ["myapp:/callback"] }],
    ["with a fragment", { redirect_uris: ["http://127.0.0.1/callback#x"] }],
    ["with a wildcard", { redirect_uris: ["http://127.0.0.1/*"] }],
    ["with a user in the address", { redirect_uris: ["http://a:b@127.0.0.1/callback"] }],
    ["with no address", { redirect_uris: [] }],
    ["with addresses that are no list", { redirect_uris: LOOPBACK }],
    ["with a name of two lines", { client_name: "Notes\nyour bank" }],
    ["with a name that reads backwards", { client_name: "a\u202eb" }],
    ["with a name without end", { client_name: "x".repeat(201) }],
    ["with a logo that runs", { logo_uri: "javascript:alert(1)" }],
    ["with plain terms", { tos_uri: "http://app.example/tos" }],
    [
      "with shared keys",
      {
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [{ kty: "oct", k: "c2VjcmV0" }] },
      },
    ],
  ])("a document %s makes nobody", async (_, fields) => {
    const end = await authorize(aDocument(fields));
    expect(end.pathname).toMatch(/^\/answered\/40[01]$/);
  });

  test("it is nobody's own app, whatever it says: its user is asked, and each time", async () => {
    const id = aDocument({
      first_party: true,
      source: "registered",
      resource_scopes: ["api:read", "api:write", "tokens:introspect", "tokens:exchange"],
      grant_types: ["authorization_code", "client_credentials", "refresh_token"],
      application_type: "web",
    });
    for (const prompt of ["none", null, "none"]) {
      const end = await authorize(id, { prompt });
      const error = end.searchParams.get("error");
      expect([prompt, error === null]).toEqual([prompt, prompt === null]);
    }
    const end = await authorize(id, { resource: api(), scope: "api:write" });
    expect(end.searchParams.get("code")).toBeNull();
    const itself = await post(send, "/token", { grant_type: "client_credentials", client_id: id });
    expect([itself.status, itself.body["access_token"]]).toEqual([400, undefined]);
  });

  test("its user sees its host, and what it calls itself as that", async () => {
    const id = aDocument({ client_name: "Your bank" });
    const answer = await new Browser(send, session).get(
      authorizationUrl(id, aPkce(), { redirect_uri: LOOPBACK }),
    );
    const uid = answer.headers.get("location")?.split("/").at(-1) ?? "";
    expect(await findInteractionStep(uid, await callerWith(session))).toMatchObject({
      step: "consent",
      clientName: new URL(id).host,
      claimedName: "Your bank",
    });
  });
});

describe("the document is asked for with care (ATK-28, ATK-62)", () => {
  test.each([
    "https://127.0.0.1/client.json",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/client.json",
    "https://[::1]/client.json",
    "https://0x7f.1/client.json",
    "http://127.0.0.1/client.json",
    "https://user:pass@app.example/client.json",
    "https://app.example",
    "https://app.example/",
    "https://app.example/client.json#x",
    "https://app.example/a/../client.json",
    "https://app.example/%2e%2e/client.json",
    "https://APP.example/client.json",
    "https://app.example:443/client.json",
    `https://app.example/${"x".repeat(600)}`,
    "file:///etc/passwd",
  ])("%s is no client", async (id) => {
    const end = await authorize(id);
    expect(end.pathname).toMatch(/^\/answered\/40[01]$/);
  });

  test("at the address under which it is allowed, and under no other spelling", async () => {
    const id = aDocument({}, "/one.json");
    for (const other of [`${id}?`, `${id}?a=b`, `${id}/`, id.replace("one", "%6fne")]) {
      expect((await authorize(other)).pathname).toMatch(/^\/answered\/40[01]$/);
    }
    expect((await authorize(id)).searchParams.get("code")).not.toBeNull();
  });

  test("fifty who ask for one client at once make one request, and the answer is kept", async () => {
    const id = aDocument();
    await race(50, async () => (await authorize(id)).searchParams.get("code"));
    expect(documents.asked(pathOf(id))).toBe(1);
  });

  test("a redirect is followed nowhere, and what is too long or no JSON is left", async () => {
    const target = aDocument();
    const answers: Parameters<typeof documents.put>[1][] = [
      (_request, response) => void response.writeHead(302, { location: target }).end(),
      (_request, response) => void response.writeHead(404).end(),
      (_request, response) => void response.end("<html>"),
      (_request, response) => void response.end("[]"),
      (_request, response) => void response.end(JSON.stringify({ x: "x".repeat(70_000) })),
    ];
    for (const [index, answer] of answers.entries()) {
      const id = aDocument({}, `/bad-${index}.json`);
      documents.put(pathOf(id), answer);
      expect((await authorize(id)).pathname).toMatch(/^\/answered\/40[01]$/);
    }
    expect(documents.asked(pathOf(target))).toBe(0);
  });

  test("once it is disabled it is nobody, whatever its document says, until it is enabled", async () => {
    const id = aDocument();
    expect((await authorize(id)).searchParams.get("code")).not.toBeNull();
    const admin = await aCaller({ roles: ["Admin"] });
    const changed = await changeClient(admin, id, { name: "Ours" }, null);
    expect(changed).toMatchObject({ outcome: "rejected", reason: "described-by-document" });
    await changeClient(admin, id, { status: "disabled" }, null);
    expect(await prisma().oidcGrant.count({ where: { clientId: id } })).toBe(0);
    expect((await authorize(id)).pathname).toMatch(/^\/answered\/40[01]$/);
    await changeClient(admin, id, { status: "active" }, null);
    expect((await authorize(id)).searchParams.get("code")).not.toBeNull();
  });

  test("one network cannot make us ask without end", async () => {
    const answers = await race(50, (index) => authorize(aDocument({}, `/many-${index}.json`)));
    const asked = Array.from({ length: 50 }, (_, index) => documents.asked(`/many-${index}.json`));
    expect(asked.filter((times) => times > 0).length).toBeLessThanOrEqual(30);
    expect(
      answers.some(({ pathname }) => pathname === "/answered/401" || pathname === "/answered/400"),
    ).toBe(true);
  });
});
