import { generateKeyPair } from "jose";
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
  keys = await generateKeyPair("ES256");
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
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["for another method", { htm: "GET" }, {}],
    ["for another address", { htu: "https://elsewhere.example/token" }, {}],
    ["too old", { iat: 1_700_000_000 }, {}],
    ["without an id", { jti: undefined }, {}],
    ["of another type", {}, { typ: "JWT" }],
  ])("a proof %s is refused", async (_, claims, header) => {
    const answer = await ask(await aProof({ ...FOR_TOKEN(), ...claims }, header));
    expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_dpop_proof"]);
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

  test("a scope that the token does not have is 403 and named (RFC 6750 §3.1)", async () => {
    const token = await aToken();
    const proof = await aProof({ htm: "GET", htu: RESOURCE(), ath: ath(token) });
    expect(await use(`DPoP ${token}`, proof, API_WRITE)).toEqual({
      outcome: "refused",
      status: 403,
      challenge: expect.stringContaining('error="insufficient_scope"') as string,
    });
  });
});
