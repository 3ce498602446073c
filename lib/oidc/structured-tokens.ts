import "server-only";
import { createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { AdapterPayload, KoaContextWithOIDC, Provider } from "oidc-provider";
import { findArtifact, saveArtifact } from "@/lib/oidc/artifact-store";
import { addCustomClaims } from "@/lib/oidc/custom-claims";
import { BODY_BYTES_MAX, readForm, routed } from "@/lib/oidc/engine-request";
import { underItsGrant } from "@/lib/oidc/grant-store";
import { getConfig } from "@/lib/platform/config";

const ENDPOINTS = ["/token/introspection", "/token/revocation"];

/** Under which a JWT is stored. Whoever knows its id, which is no secret, knows no handle. */
const handleOf = (jti: string, secret = getConfig().authSecrets[0] ?? ""): string =>
  createHmac("sha256", secret).update(`access token ${jti}`).digest("base64url");

/** What is stored of a JWT, also by a secret that has been replaced since. */
async function findStored(
  jti: string,
): Promise<{ handle: string; payload: AdapterPayload } | undefined> {
  const candidates = getConfig().authSecrets.flatMap((secret) =>
    ["AccessToken", "ClientCredentials"].map((kind) => ({ kind, handle: handleOf(jti, secret) })),
  );
  const found = await Promise.all(
    candidates.map(async ({ kind, handle }) => {
      const artifact = await findArtifact(kind, handle);
      return artifact?.current !== true ? [] : [{ handle, payload: artifact.payload }];
    }),
  );
  return found.flat()[0];
}

export interface StructuredClaims {
  jti: string;
  sub: string;
  client_id: string;
  scope?: string;
}

/**
 * What is stored of an access token that we issued; null for one that has been revoked,
 * whose grant was taken back, or that says something else than its row.
 */
export async function findStructuredToken(
  claims: StructuredClaims,
): Promise<AdapterPayload | null> {
  const stored = (await findStored(claims.jti))?.payload;
  const isSame =
    stored !== undefined &&
    stored.clientId === claims.client_id &&
    (stored.accountId ?? stored.clientId) === claims.sub &&
    (stored.scope ?? "") === (claims.scope ?? "");
  return isSame ? stored : null;
}

/** Whether an access token is not, or no longer, one that we issued: see {@link findStructuredToken}. */
export const isRevoked = async (claims: StructuredClaims): Promise<boolean> =>
  (await findStructuredToken(claims)) === null;

type Middleware = Parameters<Provider["use"]>[0];
type JwtToken = InstanceType<Provider["AccessToken"]> | InstanceType<Provider["ClientCredentials"]>;

/**
 * Keeps a row of every access token that is a JWT, so that revoking one bites
 * wherever it is looked up (RFC 7009 §2, F49), and names its session (RFC 9068 §2.2).
 */
export async function rememberStructuredToken(
  _ctx: KoaContextWithOIDC | undefined,
  token: JwtToken,
  { payload }: { payload: Record<string, unknown> },
): Promise<void> {
  const sessionId = "sessionUid" in token ? token.sessionUid : undefined;
  if (payload["sid"] === undefined && sessionId !== undefined) payload["sid"] = sessionId;
  if ("accountId" in token && token.clientId !== undefined) {
    await addCustomClaims(payload, {
      clientId: token.clientId,
      userId: token.accountId,
      sessionId: sessionId ?? null,
      scopes: token.scopes,
      target: "access_token",
    });
  }
  const { IN_PAYLOAD } = token.constructor as unknown as { IN_PAYLOAD: string[] };
  const fields = token as unknown as Record<string, unknown>;
  const stored = Object.fromEntries(
    IN_PAYLOAD.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  );
  const { iat, exp, jti } = payload as { iat: number; exp: number; jti: string };
  await underItsGrant(
    saveArtifact(
      token.kind,
      handleOf(jti),
      { ...stored, jti: undefined, iat, exp, kind: token.kind },
      exp - iat,
    ),
  );
}

/** A JWT of ours, whatever has become of it since; null for everything else. */
async function jtiOf(jwt: string, issuer: string, keySet: JWTVerifyGetKey): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(jwt, keySet, {
      issuer,
      typ: "at+jwt",
      algorithms: ["ES256", "EdDSA", "RS256"],
      // Whether it is too old is said by its row.
      currentDate: new Date(0),
    });
    return payload.jti ?? null;
  } catch {
    return null;
  }
}

/**
 * Lets introspection and revocation take JWTs as well: the engine knows tokens by
 * a handle, so a JWT of ours is verified and replaced by its own.
 */
export function acceptStructuredTokens(issuer: string, publicKeys: JWK[]): Middleware {
  // Imports each key once and remembers it.
  const keySet = createLocalJWKSet({ keys: publicKeys });
  return async (ctx, next) => {
    if (ctx.method !== "POST" || !ENDPOINTS.includes(routed(ctx.path))) {
      await next();
      return;
    }
    const { length } = ctx.request;
    if (!ctx.is("application/x-www-form-urlencoded") || length > BODY_BYTES_MAX) {
      await next();
      return;
    }
    const body = await readForm(ctx.req);
    if (body === null) {
      ctx.status = 413;
      ctx.body = { error: "invalid_request", error_description: "the body is too large" };
      return;
    }
    const [token = "", ...others] = body.getAll("token");
    let jti: string | null = null;
    // In five parts it is encrypted, and none of ours: the engine would call that an error.
    if (others.length === 0 && token.split(".").length >= 3) {
      jti = await jtiOf(token, issuer, keySet);
      body.set("token", (jti && (await findStored(jti))?.handle) ?? "unknown");
    }
    replaceBody(ctx, body.toString());
    await next();
    const answer = ctx.body as { active?: boolean; jti?: string } | undefined;
    if (jti !== null && answer?.active === true) answer.jti = jti;
  };
}

/** Lets whoever comes next read another body than the one that arrived. */
export function replaceBody(ctx: Parameters<Middleware>[0], body: string): void {
  const { headers, method, url, socket } = ctx.req;
  const { originalUrl, baseUrl } = ctx.req as { originalUrl?: string; baseUrl?: string };
  headers["content-length"] = String(Buffer.byteLength(body));
  delete headers["transfer-encoding"];
  const readable = Readable.from([Buffer.from(body)], { objectMode: false });
  ctx.req = Object.assign(readable, {
    headers,
    method,
    url,
    socket,
    originalUrl,
    baseUrl,
  }) as never;
}
