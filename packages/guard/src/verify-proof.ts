import { calculateJwkThumbprint, EmbeddedJWK, type JWTVerifyGetKey } from "jose";
import { digest } from "./digest.js";
import { Refused, unavailable } from "./failures.js";
import type { ReplayStore } from "./replays.js";
import { type Rules, verifySigned } from "./verify-signed.js";

const PROOF_LENGTH_MAX = 4096;

export interface ProofTerms {
  /** How old a proof may be. */
  maxAgeSeconds: number;
  replays: ReplayStore;
}

/**
 * Returns when the proof shows, for this request and token alone, that whoever sends it has the key
 * that the token is bound to (RFC 9449 §4.3), and shows it for the first time.
 */
export async function verifyProof(
  proof: string | null,
  about: { method: string; url: string; token: string; thumbprint: string },
  { maxAgeSeconds, replays }: ProofTerms,
  rules: Rules,
): Promise<void> {
  const refuse = (reason: string): never => {
    throw new Refused("invalid_dpop_proof", reason);
  };
  if (proof === null || proof.length > PROOF_LENGTH_MAX) return refuse("no proof");
  let thumbprint = "";
  const ownKey: JWTVerifyGetKey = async (header, input) => {
    // Refuses a private key, and whatever is no key.
    const key = await EmbeddedJWK(header, input);
    thumbprint = await calculateJwkThumbprint(header.jwk ?? {});
    return key;
  };
  const { htm, htu, ath, jti } = await verifySigned(
    proof,
    ownKey,
    rules,
    {
      typ: "dpop+jwt",
      requiredClaims: ["jti", "htm", "htu", "iat", "ath"],
      maxTokenAge: maxAgeSeconds,
    },
    "invalid_dpop_proof",
  );
  if (thumbprint !== about.thumbprint) return refuse("another key");
  if (htm !== about.method) return refuse("another method");
  if (typeof htu !== "string" || withoutQuery(htu) !== withoutQuery(about.url)) {
    return refuse("another address");
  }
  if (ath !== (await digest(about.token))) return refuse("another token");
  if (typeof jti !== "string" || jti === "") return refuse("no id");
  // Last: what proves nothing is not worth remembering. It can be early by the tolerance, and late.
  const lifetimeSeconds = maxAgeSeconds + 2 * rules.toleranceSeconds;
  const id = await digest(`${thumbprint}.${jti}`);
  if (!(await isFirstUse(replays, id, lifetimeSeconds))) return refuse("it was used before");
}

async function isFirstUse(replays: ReplayStore, id: string, seconds: number): Promise<boolean> {
  try {
    return await replays.use(id, seconds);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw unavailable(`proofs: ${String(error)}`);
  }
}

/** Compared as RFC 9449 §4.3 has it: normalized, and without query and fragment on either side. */
function withoutQuery(address: string): string {
  const url = URL.parse(address);
  return url === null ? "" : `${url.origin}${url.pathname}`;
}
