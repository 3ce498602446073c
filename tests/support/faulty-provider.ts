import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** What an OpenID provider answers, each part to be replaced by something wrong. */
export interface Faults {
  discovery?: (metadata: Record<string, unknown>) => { status?: number; body: unknown };
  /** The page of the authorization endpoint. */
  authorize?: { status: number; body: string; location?: string };
  token?: { status: number; body: Record<string, unknown>; headers?: Record<string, string> };
  idToken?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** `none` gives no id token at all; `HS256` and `other key` sign it otherwise. */
  signing?: "none" | "HS256" | "unknown key" | "other key";
  userinfo?: { status: number; body: Record<string, unknown> };
}

export interface FaultyProvider {
  issuer: string;
  faults: Faults;
  /** What the next id token answers to. */
  nonce: string;
  /** By what its token endpoint was shown who asks. */
  shown: string[];
  stop: () => Promise<void>;
}

/** Starts it on a free port; without faults it is a provider like any other, of one person. */
export async function startFaultyProvider(): Promise<FaultyProvider> {
  const keys = await generateKeyPair("RS256", { extractable: true });
  const others = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "first", alg: "RS256", use: "sig" };

  async function idTokenOf({ issuer, faults, nonce }: FaultyProvider): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer, aud: "gatehouse", sub: "ada", nonce, iat: now, exp: now + 60 };
    const alg = faults.signing === "HS256" ? "HS256" : "RS256";
    const kid = faults.signing === "unknown key" ? "second" : "first";
    const key = faults.signing === "other key" ? others.privateKey : keys.privateKey;
    return new SignJWT(faults.idToken?.(claims) ?? claims)
      .setProtectedHeader({ alg, kid })
      .sign(alg === "HS256" ? new TextEncoder().encode("x".repeat(32)) : key);
  }

  const server = createServer((request, response) => {
    const { faults, issuer } = provider;
    const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    const answer = async (): Promise<void> => {
      const { pathname } = new URL(request.url ?? "/", "http://x");
      const isDiscovery = pathname.endsWith("/.well-known/openid-configuration");
      switch (isDiscovery ? "discovery" : pathname) {
        case "discovery": {
          const metadata = {
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            code_challenge_methods_supported: ["S256"],
            id_token_signing_alg_values_supported: ["RS256"],
          };
          const { status = 200, body } = faults.discovery?.(metadata) ?? { body: metadata };
          return json(status, body);
        }
        case "/jwks":
          return json(200, { keys: [jwk] });
        case "/authorize": {
          const { status, body, location } = faults.authorize ?? { status: 200, body: "Sign in" };
          response.writeHead(status, location === undefined ? {} : { location }).end(body);
          return;
        }
        case "/token": {
          await text(request);
          provider.shown.push(request.headers.authorization ?? "");
          if (faults.token)
            return json(faults.token.status, faults.token.body, faults.token.headers);
          const token = faults.signing === "none" ? {} : { id_token: await idTokenOf(provider) };
          return json(200, { access_token: "access", token_type: "Bearer", ...token });
        }
        case "/userinfo": {
          const fine = { sub: "ada", email: "ada@corp.example", email_verified: true };
          return json(faults.userinfo?.status ?? 200, faults.userinfo?.body ?? fine);
        }
        default:
          return json(404, {});
      }
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider: FaultyProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: {},
    nonce: "",
    shown: [],
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return provider;
}
