import "server-only";
import { createRemoteJWKSet, customFetch, type JWTPayload, jwtVerify } from "jose";
import { JOSEError } from "jose/errors";
import { z } from "zod";
import { discover, type OidcClient, oidcClientOf } from "@/lib/federation/discovery";
import {
  deleteDetachedOf,
  insertLogoutToken,
  listSessionsFrom,
  type UpstreamKey,
} from "@/lib/federation/upstream-session-store";
import { hashSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { processSingleton } from "@/lib/platform/process-singleton";
import { minutes, seconds } from "@/lib/shared/duration";

const TOKEN_AGE_MAX_SECONDS = minutes(5);
const CLOCK_TOLERANCE_SECONDS = seconds(60);
const KEYS_TIMEOUT_MS = seconds(2) * 1_000;
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** Signatures by a key that the provider alone has: a shared secret or none would be anybody's (§2.6). */
const ALGORITHMS = ["RS", "PS", "ES"].flatMap((kind) => ["256", "384", "512"].map((n) => kind + n));

/** §2.4 recommends the first; providers older than that say the second or nothing. */
const TYPES = ["logout+jwt", "jwt", undefined];

/** OIDC Back-Channel Logout 1.0 §2.4. */
const LogoutClaims = z
  .object({
    jti: z.string().min(1).max(1_000),
    sub: z.string().min(1).max(1_000).optional(),
    sid: z.string().min(1).max(1_000).optional(),
    events: z.object({ [EVENT]: z.looseObject({}) }),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

export interface LogoutToken extends UpstreamKey {
  jti: string;
}

/**
 * What a provider's logout token says, when it is one: signed by that provider,
 * for us, of the right type, lately, and no id token in disguise (§2.6). Null
 * for anything else, and for a provider that is not set up or cannot be asked.
 */
export async function verifyLogoutToken(
  provider: string,
  token: string,
): Promise<LogoutToken | null> {
  const client = await oidcClientOf(provider);
  const metadata = client && (await discover(client));
  if (!client || !metadata) return null;
  const payload = await verifySignature(token, client, metadata);
  // An id token has a nonce, and must not end a session by being shown here.
  if (payload === null || Object.hasOwn(payload, "nonce")) return null;
  const claims = LogoutClaims.safeParse(payload);
  if (!claims.success) return null;
  const { jti, sub, sid } = claims.data;
  return { provider, jti, subject: sub ?? null, sid: sid ?? null };
}

async function verifySignature(
  token: string,
  { clientId, ask }: OidcClient,
  { issuer, jwks_uri }: { issuer: string; jwks_uri: string },
): Promise<JWTPayload | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keysOf(jwks_uri, ask), {
      issuer,
      audience: clientId,
      requiredClaims: ["iat", "jti", "events"],
      maxTokenAge: TOKEN_AGE_MAX_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      algorithms: [...ALGORITHMS, "EdDSA", "Ed25519"],
    });
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, "");
    return TYPES.includes(type) ? payload : null;
  } catch (error) {
    // Also the provider's keys that could not be fetched: then it cannot be told.
    if (error instanceof JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}

function keysOf(jwksUri: string, ask: typeof fetch) {
  const known = processSingleton(
    "oidc-keys",
    () => new Map<string, ReturnType<typeof createRemoteJWKSet>>(),
  );
  const kept = known.get(jwksUri);
  if (kept) return kept;
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    [customFetch]: ask,
  });
  known.set(jwksUri, keys);
  return keys;
}

/** Notes that the token was taken, for as long as it could be again; false when it was before. */
export function consumeLogoutToken({ provider, jti }: LogoutToken, tx: Db): Promise<boolean> {
  const lifetimeSeconds = TOKEN_AGE_MAX_SECONDS + 3 * CLOCK_TOLERANCE_SECONDS;
  return insertLogoutToken(hashSecret(`${provider} ${jti}`), lifetimeSeconds, tx);
}

/**
 * The live sessions here that the token is about. Sign-ins from there that are
 * still on the way end with it: what is claimed later finds nothing to claim.
 */
export async function endUpstreamSessions(token: LogoutToken, tx: Db) {
  await deleteDetachedOf(token, tx);
  return listSessionsFrom(token, tx);
}
