import "server-only";
import { createPublicKey } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";
import { isSecretKey, SECRET_KEY_GIVEN } from "@/lib/oidc/client.schema";
import { isOutboundAddress } from "@/lib/platform/http/outbound-fetch";

/** Algorithms by which a client may sign what says that it is itself. None of them needs a secret here. */
export const CLIENT_SIGNING_ALGORITHMS = ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"] as const;

const KEYS_MAX = 10;
const RSA_BITS_MIN = 2048;

/** Where the keys are that verify what a client signs: with us, or at an address of its own. */
export type ClientKeys = { jwks: { keys: JWK[] } } | { jwksUri: string };

/** What was given as a client's keys is none that we can use; the message says why, to people. */
export class UnusableClientKeys extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnusableClientKeys";
  }
}

function checkKey(jwk: JWK): void {
  if (isSecretKey(jwk)) throw new UnusableClientKeys(SECRET_KEY_GIVEN);
  const known =
    (jwk.kty === "EC" && jwk.crv === "P-256") ||
    (jwk.kty === "OKP" && jwk.crv === "Ed25519") ||
    jwk.kty === "RSA";
  if (!known) throw new UnusableClientKeys("a key is EC with P-256, OKP with Ed25519, or RSA");
  if (jwk.kty === "RSA" && Buffer.from(jwk.n ?? "", "base64url").length * 8 < RSA_BITS_MIN) {
    throw new UnusableClientKeys(`an RSA key has at least ${RSA_BITS_MIN} bits`);
  }
  try {
    createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    throw new UnusableClientKeys("a key is damaged: it is no point of its curve, or incomplete");
  }
}

/**
 * The keys of a client as they are stored: public parts only, each with a name.
 * Throws {@link UnusableClientKeys} for anything else.
 */
export async function checkClientKeys(keys: ClientKeys): Promise<ClientKeys> {
  if ("jwksUri" in keys) {
    checkMetadataAddress(keys.jwksUri);
    return keys;
  }
  const { keys: given } = keys.jwks;
  if (!Array.isArray(given) || given.length === 0 || given.length > KEYS_MAX) {
    throw new UnusableClientKeys(`a key set has 1 to ${KEYS_MAX} keys`);
  }
  const named = await Promise.all(
    given.map(async (jwk) => {
      checkKey(jwk);
      return { ...jwk, kid: jwk.kid ?? (await calculateJwkThumbprint(jwk)), use: "sig" };
    }),
  );
  if (new Set(named.map(({ kid }) => kid)).size < named.length) {
    throw new UnusableClientKeys("two keys have the same kid");
  }
  return { jwks: { keys: named } };
}

/** Throws {@link UnusableClientKeys} for an address that would never be asked (ATK-28, ATK-62). */
function checkMetadataAddress(text: string): void {
  if (!URL.canParse(text)) throw new UnusableClientKeys("jwks_uri is no address");
  if (!isOutboundAddress(text)) {
    throw new UnusableClientKeys("jwks_uri is an https address of the open internet");
  }
}

/** Keys from a file: a PEM public key, a JWK or a JWK set. Throws {@link UnusableClientKeys}. */
export async function parseClientKeys(text: string): Promise<ClientKeys> {
  if (/PRIVATE KEY/.test(text)) {
    throw new UnusableClientKeys(
      "this is a private key: it stays with the client, give its public part",
    );
  }
  let jwk: unknown;
  try {
    jwk = text.trimStart().startsWith("{")
      ? JSON.parse(text)
      : createPublicKey(text).export({ format: "jwk" });
  } catch {
    throw new UnusableClientKeys("a PEM public key, a JWK or a JWK set is needed");
  }
  const given = jwk as JWK & { keys?: JWK[] };
  return checkClientKeys({ jwks: { keys: given.keys ?? [given] } });
}
