import { generateKeyPairSync } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import * as oidc from "openid-client";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { parseClientKeys, UnusableClientKeys } from "@/lib/oidc/client-keys";
import { createClient } from "@/lib/oidc/create-client";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";
import { aClient, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest } from "@/tests/support/builders";
import { serveDocuments } from "@/tests/support/document-server";
import { race } from "@/tests/support/race";

const send = serveMachinePaths();
const documents = serveDocuments();
const foreign = serveDocuments({ allowed: false });

const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const issuer = () => `${getConfig().origin}/oidc`;
const now = () => Math.floor(Date.now() / 1000);

interface Signer {
  id: string;
  alg: string;
  kid: string;
  key: CryptoKey;
}

async function aKey(alg: string, kid = newId()): Promise<{ key: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

async function aSigner(alg = "ES256", kind: "service" | "web" = "service"): Promise<Signer> {
  const { key, jwk } = await aKey(alg);
  const { clientId } = await aClient({
    name: "Signs",
    kind,
    ...(kind === "web" && { redirectUris: ["https://app.example/callback"] }),
    scopes: ["api:read"],
    keys: { jwks: { keys: [jwk] } },
  });
  return { id: clientId, alg, kid: jwk.kid ?? "", key };
}

/** An assertion of a client; what is undefined is left out. */
const assertion = (
  { id, alg, kid, key }: Signer,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
) =>
  new SignJWT({
    iss: id,
    sub: id,
    aud: issuer(),
    jti: newId(),
    iat: now(),
    exp: now() + 60,
    ...claims,
  })
    .setProtectedHeader({ alg, kid, ...header })
    .sign(key);

const ask = (client_assertion: string, fields: Record<string, string> = {}, path = "/token") =>
  post(send, path, {
    grant_type: "client_credentials",
    client_assertion_type: ASSERTION,
    client_assertion,
    ...fields,
  });

let signer: Signer;

beforeAll(async () => {
  signer = await aSigner();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("what is advertised (RFC 8414 §2)", () => {
  test("private_key_jwt with asymmetric algorithms; nothing that needs a shared secret", async () => {
    const answer = await send(`${issuer()}/.well-known/openid-configuration`);
    const metadata = (await answer.json()) as Record<string, string[]>;
    expect(metadata["token_endpoint_auth_methods_supported"]?.toSorted()).toEqual([
      "client_secret_basic",
      "client_secret_post",
      "none",
      "private_key_jwt",
    ]);
    expect(metadata["token_endpoint_auth_signing_alg_values_supported"]?.toSorted()).toEqual([
      "ES256",
      "Ed25519",
      "EdDSA",
      "PS256",
      "RS256",
    ]);
  });
});

describe("an assertion that says too little, or something else, is refused (RFC 7523 §3)", () => {
  test.each<[string, Record<string, unknown>]>([
    ["of another issuer", { iss: "somebody" }],
    ["without an issuer", { iss: undefined }],
    ["of another subject (ensure-client-assertion-…)", { sub: "somebody" }],
    ["without a subject (ensure-client-assertion-no-sub)", { sub: undefined }],
    ["for another audience (ensure-client-assertion-wrong-aud)", { aud: "https://other.example" }],
    ["for an audience that looks alike", { aud: "http://localhost:3000/oidc/" }],
    ["for our origin only", { aud: "http://localhost:3000" }],
    ["for nobody", { aud: undefined }],
    ["for an empty list", { aud: [] }],
    ["for us and others", { aud: ["http://localhost:3000/oidc", "https://other.example"] }],
    ["for no text", { aud: 1 }],
    ["that is over (ensure-client-assertion-exp-5-minutes-in-past)", { exp: now() - 300 }],
    ["without an end", { exp: undefined }],
    ["with an end that is no number", { exp: "tomorrow" }],
    ["that lives for a day", { exp: now() + 86_400 }],
    ["that does not count yet (nbf)", { nbf: now() + 120 }],
    ["of the future (iat)", { iat: now() + 120 }],
    ["without an id", { jti: undefined }],
    ["with an id that is no text", { jti: { a: 1 } }],
    ["with an id without end", { jti: "x".repeat(257) }],
  ])("%s", async (_, claims) => {
    const answer = await ask(await assertion(signer, claims));
    expect([401, 400]).toContain(answer.status);
    expect(["invalid_client", "invalid_request"]).toContain(answer.body["error"]);
    expect(answer.body["access_token"]).toBeUndefined();
  });

  test.each(["dpop+jwt", "at+jwt", "oauth-authz-req+jwt", "logout+jwt"])(
    "with the type %s: what else a client signs says nothing of who is here",
    async (typ) => {
      expect((await ask(await assertion(signer, {}, { typ }))).status).toBe(401);
    },
  );

  test("with a client_id beside it that is another's", async () => {
    const other = await aSigner();
    const answer = await ask(await assertion(signer), { client_id: other.id });
    expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_request"]);
  });

  test("together with a secret, or of a type that is none", async () => {
    const both = await ask(await assertion(signer), { client_secret: "secret" });
    expect(both.status).toBe(400);
    const saml = await ask(await assertion(signer), {
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
    });
    expect(saml.status).toBe(400);
    const none = await post(send, "/token", {
      grant_type: "client_credentials",
      client_assertion: await assertion(signer),
    });
    expect(none.status).toBe(400);
  });
});

describe("the signature (RFC 8725 §3.1, §3.2)", () => {
  test("by another key, by nobody, or by what is public is refused", async () => {
    const stranger = { ...signer, key: (await aKey("ES256")).key };
    const good = await assertion(signer);
    const [, payload = "", signature = ""] = good.split(".");
    const header = (fields: object) =>
      Buffer.from(JSON.stringify({ kid: signer.kid, ...fields })).toString("base64url");
    const hmac = await new SignJWT({
      iss: signer.id,
      sub: signer.id,
      aud: issuer(),
      jti: newId(),
      exp: now() + 60,
    })
      .setProtectedHeader({ alg: "HS256", kid: signer.kid })
      .sign(Buffer.from(signer.id.padEnd(32, "x")));
    for (const forged of [
      await assertion(stranger),
      `${header({ alg: "none" })}.${payload}.`,
      `${header({ alg: "none" })}.${payload}.${signature}`,
      `${good.slice(0, -6)}AAAAAA`,
      hmac,
      "a.b.c",
      "nonsense",
    ]) {
      const answer = await ask(forged);
      expect([forged.slice(0, 12), answer.body["access_token"]]).toEqual([
        forged.slice(0, 12),
        undefined,
      ]);
      expect([400, 401]).toContain(answer.status);
    }
  });

  test("with a key that the header itself brings is refused", async () => {
    const { key, jwk } = await aKey("ES256");
    const forged = await assertion({ ...signer, key }, {}, { jwk, kid: undefined });
    expect((await ask(forged)).status).toBe(401);
  });

  test.each(["ES256", "EdDSA", "PS256", "RS256"])("%s is taken", async (alg) => {
    expect((await ask(await assertion(await aSigner(alg)))).status).toBe(200);
  });

  test.each(["ES384", "ES512", "PS512", "RS512"])("%s is not", async (alg) => {
    const { key } = await aKey(alg);
    expect((await ask(await assertion({ ...signer, alg, key }))).status).toBe(401);
  });

  test("a client that signs gets nothing by a secret, and one with a secret nothing by signing", async () => {
    const bySecret = await post(send, "/token", {
      grant_type: "client_credentials",
      client_id: signer.id,
      client_secret: "undefined",
    });
    expect(bySecret.status).toBe(401);
    const naked = await post(send, "/token", {
      grant_type: "client_credentials",
      client_id: signer.id,
    });
    expect(naked.status).toBe(401);
    const keeper = await aClient({ name: "Keeps", kind: "service", scopes: ["api:read"] });
    expect((await ask(await assertion({ ...signer, id: keeper.clientId }))).status).toBe(401);
  });
});

describe("the id counts once (RFC 7523 §3, DEC-1)", () => {
  test("of fifty who present one assertion one gets a token", async () => {
    const once = await assertion(signer);
    const answers = await race(50, () => ask(once));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body["error"] === "invalid_client")).toHaveLength(49);
  });

  test("also at another endpoint, and not in another client's place", async () => {
    const once = await assertion(signer);
    expect((await ask(once)).status).toBe(200);
    const there = await ask(once, { token: "x" }, "/token/introspection");
    expect(there.status).toBe(401);
    const jti = newId();
    const other = await aSigner();
    expect((await ask(await assertion(signer, { jti }))).status).toBe(200);
    expect((await ask(await assertion(other, { jti }))).status).toBe(200);
  });
});

describe("openid-client signs in so unchanged", () => {
  test("for itself, with the issuer as audience (oidcc-ensure-client-assertion-with-iss-aud-succeeds)", async () => {
    const config = await oidc.discovery(
      new URL(issuer()),
      signer.id,
      undefined,
      oidc.PrivateKeyJwt({ key: signer.key, kid: signer.kid }),
      { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: send as never },
    );
    const tokens = await oidc.clientCredentialsGrant(config, {
      resource: `${getConfig().origin}/api/v1`,
      scope: "api:read",
    });
    expect(tokens.scope).toBe("api:read");
    const state = await oidc.tokenIntrospection(config, tokens.access_token);
    expect(state.active).toBe(true);
    await oidc.tokenRevocation(config, tokens.access_token);
    expect((await oidc.tokenIntrospection(config, tokens.access_token)).active).toBe(false);
  });

  test.each(["/oidc", "/oidc/token"])("with %s as audience, alone or in a list", async (path) => {
    const aud = `${getConfig().origin}${path}`;
    expect((await ask(await assertion(signer, { aud }))).status).toBe(200);
    expect((await ask(await assertion(signer, { aud: [aud] }))).status).toBe(200);
  });
});

describe("keys at an address of the client (F59, ATK-28)", () => {
  async function aDistantSigner(path: string, first: JWK) {
    documents.put(path, { keys: [first] });
    const { clientId } = await aClient({
      name: "Distant",
      kind: "service",
      scopes: ["api:read"],
      keys: { jwksUri: documents.url(path) },
    });
    return clientId;
  }

  test("are asked for once and remembered; a key that is taken back ends within ten minutes", async () => {
    const first = await aKey("ES256");
    const second = await aKey("ES256");
    const id = await aDistantSigner("/rotated", first.jwk);
    const by = ({ key, jwk }: typeof first) =>
      assertion({ id, alg: "ES256", kid: jwk.kid ?? "", key });
    expect((await ask(await by(first))).status).toBe(200);
    expect((await ask(await by(first))).status).toBe(200);
    expect(documents.asked("/rotated")).toBe(1);
    documents.put("/rotated", (_request, response) => {
      response.setHeader("cache-control", "max-age=31536000");
      response.end(JSON.stringify({ keys: [second.jwk] }));
    });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    expect((await ask(await by(first))).status).toBe(401);
    expect((await ask(await by(second))).status).toBe(200);
    expect(documents.asked("/rotated")).toBe(2);
    documents.put("/rotated", { keys: [first.jwk] });
    vi.setSystemTime(Date.now() + 601_000);
    expect((await ask(await by(second))).status).toBe(401);
    expect((await ask(await by(first))).status).toBe(200);
  });

  test.each<[string, Parameters<typeof documents.put>[1]]>([
    ["an error", (_request, response) => void response.writeHead(500).end()],
    ["a redirect", (_q, response) => void response.writeHead(302, { location: "/good" }).end()],
    ["no JSON", (_request, response) => void response.end("<html>")],
    ["no key set", { keys: "none" }],
    ["a shared key", { keys: [{ kty: "oct", k: "c2VjcmV0" }] }],
    ["far too much", (_request, response) => void response.end(" ".repeat(70_000))],
  ])("that answer with %s open nothing, and are left in peace", async (name, answer) => {
    const { key, jwk } = await aKey("ES256");
    const path = `/${encodeURIComponent(name)}`;
    const id = await aDistantSigner(path, jwk);
    documents.put("/good", { keys: [jwk] });
    documents.put(path, answer);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const made = await assertion({ id, alg: "ES256", kid: jwk.kid ?? "", key });
      expect((await ask(made)).status).toBeGreaterThanOrEqual(400);
    }
    expect(documents.asked("/good")).toBe(0);
    expect(documents.asked(path)).toBe(1);
  });

  test("within our own network are neither registered nor asked (ATK-62)", async () => {
    for (const jwksUri of [
      foreign.url("/jwks"),
      "http://app.example/jwks",
      "https://169.254.169.254/latest/meta-data",
      "https://127.1/jwks",
      "https://0x7f.1/jwks",
      "https://[::]/jwks",
      "https://[::ffff:127.0.0.1]/jwks",
      "https://user:pass@app.example/jwks",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "nonsense",
    ]) {
      const result = await createClient(
        { kind: "operator", request: aRequest() },
        { name: "Distant", kind: "service", keys: { jwksUri } },
      );
      expect([jwksUri, result.outcome]).toEqual([jwksUri, "rejected"]);
    }
    expect(foreign.asked("/jwks")).toBe(0);
  });

  test("at a name that means our own network are not asked, when it comes to it", async () => {
    const { key, jwk } = await aKey("ES256");
    const { clientId } = await aClient({
      name: "Rebound",
      kind: "service",
      keys: { jwksUri: "https://localhost/jwks" },
    });
    const made = await assertion({ id: clientId, alg: "ES256", kid: jwk.kid ?? "", key });
    expect((await ask(made)).status).toBeGreaterThanOrEqual(400);
  });
});

describe("what is registered as a key", () => {
  const rsa = (bits: number) => generateKeyPairSync("rsa", { modulusLength: bits }).publicKey;
  const pem = (key: ReturnType<typeof rsa>) => String(key.export({ type: "spki", format: "pem" }));

  test("a PEM public key, a JWK and a set of them, each under a name", async () => {
    const { jwk } = await aKey("EdDSA");
    const { kid: _, ...nameless } = jwk;
    for (const text of [
      pem(rsa(2048)),
      JSON.stringify(nameless),
      JSON.stringify({ keys: [jwk] }),
    ]) {
      const keys = await parseClientKeys(text);
      expect("jwks" in keys && keys.jwks.keys[0]?.kid).toEqual(expect.any(String));
    }
  });

  test("a private, shared, weak, broken or foreign one is refused", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { jwk } = await aKey("ES256");
    for (const text of [
      String(privateKey.export({ type: "pkcs8", format: "pem" })),
      JSON.stringify(privateKey.export({ format: "jwk" })),
      JSON.stringify({ kty: "oct", k: "c2VjcmV0" }),
      pem(rsa(1024)),
      JSON.stringify({ ...jwk, x: jwk.y }),
      JSON.stringify({ ...jwk, crv: "P-384" }),
      JSON.stringify({ keys: [] }),
      JSON.stringify({ keys: [jwk, jwk] }),
      JSON.stringify({ keys: Array.from({ length: 11 }, (_, i) => ({ ...jwk, kid: `${i}` })) }),
      "{",
      "nonsense",
      "",
    ]) {
      await expect(parseClientKeys(text)).rejects.toThrow(UnusableClientKeys);
    }
  });

  test("an app that runs with its users has none", async () => {
    const { jwk } = await aKey("ES256");
    const result = await createClient(
      { kind: "operator", request: aRequest() },
      {
        name: "Native",
        kind: "native",
        redirectUris: ["http://127.0.0.1/callback"],
        keys: { jwks: { keys: [jwk] } },
      },
    );
    expect(result.outcome).toBe("rejected");
  });
});
