import { createHash, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { createGuard, type Guard, type GuardedRequest, type GuardOptions } from "../src/guard.js";

export const ISSUER = "https://id.example.com/oidc";
export const AUDIENCE = "https://orders.example.com";
export const START = Date.parse("2026-01-02T03:04:05Z");

export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export async function aKey(alg = "ES256", kid: string = randomUUID()): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" };
  return { kid, alg, privateKey, publicJwk };
}

type Claims = Record<string, unknown>;
type Answer = (url: string, init: RequestInit) => Response | Promise<Response>;

/** A Gatehouse that signs with one key, at a time of its own, and answers as it is told. */
export async function anIssuer() {
  const issuer = {
    time: START,
    key: await aKey(),
    published: [] as JWK[],
    /** Answers by path; what stands here comes before the published keys. */
    answers: {} as Record<string, Answer>,
    asked: [] as string[],
  };
  issuer.published = [issuer.key.publicJwk];
  const seconds = () => Math.floor(issuer.time / 1000);

  const sign = (claims: Claims, header: Claims, key = issuer.key) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
      .sign(key.privateKey);

  const serve: typeof fetch = async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const { pathname } = new URL(url);
    issuer.asked.push(pathname);
    const answer = issuer.answers[pathname];
    if (answer) return answer(url, init);
    if (pathname === "/oidc/jwks") return Response.json({ keys: issuer.published });
    return new Response(null, { status: 404 });
  };

  return Object.assign(issuer, {
    later: (byMs: number) => {
      issuer.time += byMs;
    },
    /** An access token as Gatehouse makes it (RFC 9068); `undefined` leaves a claim out. */
    token: (claims: Claims = {}, header: Claims = {}, key = issuer.key) =>
      sign(
        {
          iss: ISSUER,
          aud: AUDIENCE,
          sub: "ada",
          client_id: "shop",
          scope: "orders:read",
          jti: randomUUID(),
          iat: seconds(),
          exp: seconds() + 600,
          ...claims,
        },
        { typ: "at+jwt", ...header },
        key,
      ),
    /** An assertion as the gateway makes it, for `GET /orders`. */
    assertion: (claims: Claims = {}, header: Claims = {}, key = issuer.key) =>
      sign(
        {
          iss: ISSUER,
          aud: AUDIENCE,
          sub: "ada",
          org: "acme",
          means: "session",
          permission: "view_order",
          acr: "urn:gatehouse:aal2",
          htm: "GET",
          htu: `${AUDIENCE}/orders`,
          request_id: "request-1",
          jti: randomUUID(),
          iat: seconds(),
          exp: seconds() + 60,
          ...claims,
        },
        { typ: "gatehouse-assertion+jwt", ...header },
        key,
      ),
    /** A proof of possession for `GET /orders` with this token (RFC 9449 §4.2). */
    proof: (token: string, key: SigningKey, claims: Claims = {}, header: Claims = {}) => {
      const { kty, crv, x, y, n, e } = key.publicJwk;
      return new SignJWT({
        jti: randomUUID(),
        iat: seconds(),
        htm: "GET",
        htu: `${AUDIENCE}/orders`,
        ath: createHash("sha256").update(token).digest("base64url"),
        ...claims,
      })
        .setProtectedHeader({
          alg: key.alg,
          typ: "dpop+jwt",
          jwk: JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as JWK,
          ...header,
        })
        .sign(key.privateKey);
    },
    guard: (options: Partial<GuardOptions> = {}): Guard =>
      createGuard({
        issuer: ISSUER,
        accessTokens: { audience: AUDIENCE },
        publicUrl: AUDIENCE,
        fetch: serve,
        now: () => issuer.time,
        ...options,
      }),
  });
}

export type Issuer = Awaited<ReturnType<typeof anIssuer>>;

/** `GET /orders` with these headers. */
export const request = (
  headers: Record<string, string> = {},
  more: Partial<GuardedRequest> = {},
): GuardedRequest => ({
  method: "GET",
  path: "/orders",
  header: (name) => headers[name] ?? null,
  ...more,
});

export const bearer = (token: string) => request({ authorization: `Bearer ${token}` });
