import { randomUUID } from "node:crypto";
import { decodeProtectedHeader, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyLogoutToken } from "@/lib/federation/logout-token";
import { publishedKeys } from "@/lib/oidc/provider";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";
import { createGuard } from "@/packages/guard/src/guard";
import { readWeb } from "@/packages/guard/src/web";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { type IdentityProvider, startIdentityProvider } from "@/tests/support/identity-provider";
import { forgeriesOf, type Genuine } from "@/tests/support/jwt-forgeries";
import { aProof, ath, FOR_TOKEN } from "@/tests/support/possession";
import { Browser, CALLBACK } from "@/tests/support/relying-party";
import { aLogoutToken, useProvider } from "@/tests/support/upstream";

// Every place that takes a signed token, against every forgery (ATK-22, RFC 8725, V9.1.2).

const send = serveMachinePaths();
const own = () => getConfig().origin;
const api = () => `${own()}/api/v1`;

const GOODBYE = "https://app.example/goodbye";

let web: FlowClient;
let gateway: FlowClient;
let session: string;
let upstream: IdentityProvider;
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [GOODBYE],
    scopes: ["api:read"],
  });
  gateway = await aClient({
    name: "Gateway",
    kind: "service",
    scopes: ["api:read", "tokens:exchange", "tokens:introspect"],
  });
  session = await aSession((await aUser()).id);
  upstream = await startIdentityProvider();
  useProvider(upstream.url);
});
afterAll(() => upstream.stop());

/** The key among these that the token names. */
function signedBy(token: string, keys: JWK[]): Genuine {
  const { kid } = decodeProtectedHeader(token);
  const key = keys.find((one) => one.kid === kid) ?? keys[0];
  if (key === undefined) throw new Error("no key");
  return { token, key };
}

const ours = async (token: string) => signedBy(token, await publishedKeys());

async function isTakenByApi(headers: Record<string, string>): Promise<boolean> {
  const { status } = await callApi({ method: "GET", path: "/api/v1/me", origin: null, headers });
  // A forgery is refused, and breaks nothing.
  expect([200, 401]).toContain(status);
  return status === 200;
}

const ORDERS = "https://orders.example/orders";
/** Whether the guard of a service lets them in. */
function guard(): (headers: Record<string, string>) => Promise<boolean> {
  const { authenticate } = createGuard({
    issuer: `${own()}/oidc`,
    accessTokens: { audience: api() },
    publicUrl: new URL(ORDERS).origin,
    client: { id: gateway.clientId, secret: gateway.secret },
    introspection: { when: "opaque" },
    fetch: send,
  });
  return async (headers) => {
    const verdict = await authenticate(readWeb(new Request(ORDERS, { headers })));
    // A forgery is refused, and is no outage.
    expect(["allowed", "invalid_token", "invalid_dpop_proof", "credentials_missing"]).toContain(
      verdict.outcome === "allowed" ? "allowed" : verdict.code,
    );
    return verdict.outcome === "allowed";
  };
}

const apiTokens = () =>
  flow.tokens(session, { scope: "openid offline_access api:read", resource: api() });

interface Consumer {
  /** What is no forgery here. */
  genuine?: string[];
  /** Makes a token that is taken, and something that says whether another one is. */
  prepare(): Promise<Genuine & { takes(token: string): Promise<boolean> }>;
}

const CONSUMERS: Record<string, Consumer> = {
  "the API, as a bearer token": {
    async prepare() {
      const { accessToken } = await apiTokens();
      const takes = (token: string) => isTakenByApi({ authorization: `Bearer ${token}` });
      return { ...(await ours(accessToken)), takes };
    },
  },
  introspection: {
    async prepare() {
      const { accessToken } = await apiTokens();
      const takes = async (token: string) => {
        const { status, body } = await flow.introspect(token);
        // What is none of ours looks like what is unknown (RFC 7662 §2.2).
        if (status !== 200 || body["active"] !== true) {
          expect([status, body]).toEqual([200, { active: false }]);
        }
        return body["active"] === true;
      };
      return { ...(await ours(accessToken)), takes };
    },
  },
  revocation: {
    async prepare() {
      const { accessToken } = await apiTokens();
      const takes = async (token: string) => {
        await post(send, "/token/revocation", { token }, flow.auth());
        return (await flow.introspect(accessToken)).body["active"] !== true;
      };
      return { ...(await ours(accessToken)), takes };
    },
  },
  "the hint of an authorization request": {
    async prepare() {
      const { idToken } = await flow.tokens(session);
      const takes = async (id_token_hint: string) =>
        (await flow.request(session, { prompt: "none", id_token_hint })).code !== "";
      return { ...(await ours(idToken)), takes };
    },
  },
  "the hint of a sign-out": {
    async prepare() {
      const cookie = await aSession((await aUser()).id);
      const { idToken } = await flow.tokens(cookie);
      const takes = async (id_token_hint: string) => {
        const asked = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: GOODBYE });
        const url = `${own()}/oidc/session/end?${asked.toString()}`;
        const answer = await new Browser(send, cookie).get(url);
        return (answer.headers.get("location") ?? "").startsWith(GOODBYE);
      };
      return { ...(await ours(idToken)), takes };
    },
  },
  "the subject of an exchange": {
    async prepare() {
      const { accessToken } = await apiTokens();
      const takes = async (subject_token: string) => {
        const answer = await post(
          send,
          "/token",
          {
            grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token,
            subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
          },
          { authorization: basic(gateway.clientId, gateway.secret) },
        );
        return answer.status === 200;
      };
      return { ...(await ours(accessToken)), takes };
    },
  },
  "a proof of possession at the API": {
    async prepare() {
      const keys = await generateKeyPair("ES256");
      const jwk = await exportJWK(keys.publicKey);
      const given = await flow.aCode(session, {
        scope: "openid api:read",
        prompt: "consent",
        resource: api(),
      });
      const { body } = await flow.redeem(
        given,
        { resource: api() },
        { ...flow.auth(), dpop: await aProof(keys, FOR_TOKEN()) },
      );
      const accessToken = String(body["access_token"]);
      const takes = (dpop: string) => isTakenByApi({ authorization: `DPoP ${accessToken}`, dpop });
      const about = { htm: "GET", htu: `${api()}/me`, ath: ath(accessToken) };
      const token = await aProof(keys, about);
      return { token, key: { ...jwk, alg: "ES256" }, takes };
    },
  },
  "a proof of possession at the token endpoint": {
    // Whoever has no key yet brings their own, and the token will be bound to it.
    genuine: ["the key in jwk", "the key in jwk, without an id"],
    async prepare() {
      const keys = await generateKeyPair("ES256");
      const takes = async (dpop: string) => {
        const answer = await post(
          send,
          "/token",
          { grant_type: "client_credentials", resource: api(), scope: "api:read" },
          { authorization: basic(gateway.clientId, gateway.secret), dpop },
        );
        return answer.status === 200;
      };
      const key = { ...(await exportJWK(keys.publicKey)), alg: "ES256" };
      return { token: await aProof(keys, FOR_TOKEN()), key, takes };
    },
  },
  "the guard of a service, as a bearer token": {
    async prepare() {
      const { accessToken } = await apiTokens();
      const judge = guard();
      const takes = (token: string) => judge({ authorization: `Bearer ${token}` });
      return { ...(await ours(accessToken)), takes };
    },
  },
  "a proof of possession at the guard of a service": {
    async prepare() {
      const keys = await generateKeyPair("ES256");
      const { body } = await post(
        send,
        "/token",
        { grant_type: "client_credentials", resource: api(), scope: "api:read" },
        {
          authorization: basic(gateway.clientId, gateway.secret),
          dpop: await aProof(keys, FOR_TOKEN()),
        },
      );
      const accessToken = String(body["access_token"]);
      const judge = guard();
      const takes = (dpop: string) => judge({ authorization: `DPoP ${accessToken}`, dpop });
      const token = await aProof(keys, { htm: "GET", htu: ORDERS, ath: ath(accessToken) });
      return { token, key: { ...(await exportJWK(keys.publicKey)), alg: "ES256" }, takes };
    },
  },
  "a client's assertion": {
    async prepare() {
      const keys = await generateKeyPair("ES256");
      const jwk = { ...(await exportJWK(keys.publicKey)), kid: "its-key", alg: "ES256" };
      const { clientId } = await aClient({
        name: "Reports",
        kind: "service",
        scopes: ["api:read"],
        keys: { jwks: { keys: [jwk] } },
      });
      const token = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: "ES256", kid: "its-key" })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(`${own()}/oidc`)
        .setIssuedAt()
        .setExpirationTime("1m")
        .sign(keys.privateKey);
      const takes = async (client_assertion: string) => {
        const answer = await post(send, "/token", {
          grant_type: "client_credentials",
          client_id: clientId,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion,
        });
        return answer.status === 200;
      };
      return { token, key: jwk, takes };
    },
  },
  "a provider's logout token": {
    async prepare() {
      const token = await aLogoutToken(upstream.url, { sub: newId() });
      const answer = await fetch(`${upstream.url}/jwks`);
      const { keys } = (await answer.json()) as { keys: JWK[] };
      const takes = async (given: string) => (await verifyLogoutToken("google", given)) !== null;
      return { ...signedBy(token, keys), takes };
    },
  },
};

describe.each(Object.entries(CONSUMERS))("%s", (_, consumer) => {
  test("takes no forgery, and takes what is genuine (ATK-22)", async () => {
    const { token, key, takes } = await consumer.prepare();
    const forgeries = (await forgeriesOf({ token, key })).filter(
      ({ name }) => consumer.genuine?.includes(name) !== true,
    );
    expect(forgeries.length).toBeGreaterThanOrEqual(40);
    const taken: string[] = [];
    for (const { name, token: forged } of forgeries) {
      if (await takes(forged)) taken.push(name);
    }
    expect(taken).toEqual([]);
    // What was refused was refused for what was wrong with it.
    expect(await takes(token)).toBe(true);
  });
});
