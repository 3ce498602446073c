import { createHmac } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { authorizeRequest } from "@/lib/oidc/authorize-request";
import { API_READ, API_WRITE, apiResource } from "@/lib/oidc/scopes";
import { getConfig } from "@/lib/platform/config";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aProof as aProofBy, ath, FOR_TOKEN, type Keys } from "@/tests/support/possession";
import { race } from "@/tests/support/race";

const send = serveMachinePaths();
const RESOURCE = () => `${getConfig().origin}/api/v1/me`;

let auth: { authorization: string };
let keys: Keys;

beforeAll(async () => {
  const { clientId, secret } = await aClient({
    name: "Reports",
    kind: "service",
    scopes: [API_READ],
  });
  auth = { authorization: basic(clientId, secret) };
  // A proof may carry the private part by mistake: then the key is no secret any more.
  keys = await generateKeyPair("ES256", { extractable: true });
});

const aProof = (
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
  by: Keys = keys,
): Promise<string> => aProofBy(by, claims, header);

const ask = async (dpop: string) =>
  post(
    send,
    "/token",
    { grant_type: "client_credentials", resource: apiResource(), scope: API_READ },
    { ...auth, dpop },
  );

async function aToken(): Promise<string> {
  const answer = await ask(await aProof(FOR_TOKEN()));
  expect(answer.body["token_type"]).toBe("DPoP");
  return String(answer.body["access_token"]);
}

const use = (authorization: string, dpop: string | null, scope: string = API_READ) =>
  authorizeRequest(
    {
      method: "GET",
      url: RESOURCE(),
      header: (name) => ({ authorization, dpop })[name as "dpop"] ?? null,
    },
    apiResource(),
    scope,
  );

describe("at the token endpoint (RFC 9449 §5)", () => {
  const INVALID = [400, "invalid_dpop_proof", undefined];
  const refusalOf = async (dpop: string) => {
    const { status, body } = await ask(dpop);
    return [status, body["error"], body["access_token"]];
  };
  const hmac = (secret: string) => (input: string) =>
    createHmac("sha256", secret).update(input).digest("base64url");

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["for another method", { htm: "GET" }, {}],
    ["for no method", { htm: undefined }, {}],
    ["for another address", { htu: "https://elsewhere.example/token" }, {}],
    ["for another address of ours", { htu: RESOURCE() }, {}],
    ["for no address", { htu: undefined }, {}],
    ["too old", { iat: 1_700_000_000 }, {}],
    ["from a time to come", { iat: 4_102_444_800 }, {}],
    ["without a time", { iat: undefined }, {}],
    ["without an id", { jti: undefined }, {}],
    ["of another type", {}, { typ: "JWT" }],
    ["without a type", {}, { typ: undefined }],
    ["without its key", {}, { jwk: undefined }],
  ])("a proof %s is refused (ATK-22)", async (_, claims, header) => {
    expect(await refusalOf(await aProof({ ...FOR_TOKEN(), ...claims }, header))).toEqual(INVALID);
  });

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  /** The same proof under another header, signed by whatever the attacker likes. */
  async function rewritten(header: object, sign: (input: string) => string): Promise<string> {
    const [, payload = ""] = (await aProof(FOR_TOKEN())).split(".");
    const input = `${part({ typ: "dpop+jwt", ...header })}.${payload}`;
    return `${input}.${sign(input)}`;
  }
  const publicKey = () => exportJWK(keys.publicKey);

  test.each<[string, () => Promise<string>]>([
    ["no signature", async () => rewritten({ alg: "none", jwk: await publicKey() }, () => "")],
    [
      "a shared secret in the header",
      () => rewritten({ alg: "HS256", jwk: { kty: "oct", k: "c2VjcmV0" } }, hmac("secret")),
    ],
    [
      "its public key as a shared secret",
      async () => {
        const jwk = await publicKey();
        return rewritten({ alg: "HS256", jwk }, hmac(JSON.stringify(jwk)));
      },
    ],
    [
      "the private key in the header",
      async () => aProof(FOR_TOKEN(), { jwk: await exportJWK(keys.privateKey) }),
    ],
    [
      "another one beside it",
      async () => [await aProof(FOR_TOKEN()), await aProof(FOR_TOKEN())].join(", "),
    ],
  ])("a proof with %s is refused (ATK-22)", async (_, make) => {
    expect(await refusalOf(await make())).toEqual(INVALID);
  });

  test("of fifty uses of one proof one gets a token (ATK-19, RFC 9449 §11.1)", async () => {
    const proof = await aProof(FOR_TOKEN());
    const answers = await race(50, () => ask(proof));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("at a protected resource (RFC 9449 §7)", () => {
  test("the token works with a proof by its key, once", async () => {
    const token = await aToken();
    const proof = await aProof({ htm: "GET", htu: RESOURCE(), ath: ath(token) });
    expect((await use(`DPoP ${token}`, proof)).outcome).toBe("authorized");
    expect(await use(`DPoP ${token}`, proof)).toMatchObject({ outcome: "refused", status: 401 });
  });

  test("as a bearer token, without a proof, or by another key it is worth nothing", async () => {
    const token = await aToken();
    const thief = await generateKeyPair("ES256");
    const claims = { htm: "GET", htu: RESOURCE(), ath: ath(token) };
    const refused = { outcome: "refused", status: 401 };
    expect(await use(`Bearer ${token}`, null)).toMatchObject(refused);
    expect(await use(`DPoP ${token}`, null)).toMatchObject(refused);
    expect(await use(`DPoP ${token}`, await aProof(claims, {}, thief))).toMatchObject(refused);
    expect(
      await use(`DPoP ${token}`, await aProof({ ...claims, ath: ath("another") })),
    ).toMatchObject(refused);
    expect(
      await use(`DPoP ${token}`, await aProof({ ...claims, htu: `${RESOURCE()}/x` })),
    ).toMatchObject(refused);
  });

  test.each<[string, () => Promise<Record<string, unknown>>]>([
    ["is of another kind than its algorithm", async () => ({ alg: "EdDSA" })],
    ["comes with its private part", async () => ({ jwk: await exportJWK(keys.privateKey) })],
  ])("a proof whose key %s is refused like any other (ATK-22)", async (_, header) => {
    const token = await aToken();
    const claims = { htm: "GET", htu: RESOURCE(), ath: ath(token) };
    const [head = "", ...rest] = (await aProof(claims)).split(".");
    const own = JSON.parse(Buffer.from(head, "base64url").toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...own, ...(await header()) }));
    expect(await use(`DPoP ${token}`, [changed.toString("base64url"), ...rest].join("."))).toEqual({
      outcome: "refused",
      status: 401,
      challenge: 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519"',
    });
  });

  test("a scope that the token does not have is 403 and named (RFC 6750 §3.1)", async () => {
    const token = await aToken();
    const proof = await aProof({ htm: "GET", htu: RESOURCE(), ath: ath(token) });
    expect(await use(`DPoP ${token}`, proof, API_WRITE)).toMatchObject({
      outcome: "refused",
      status: 403,
      challenge: expect.stringContaining('error="insufficient_scope"') as string,
    });
  });
});
