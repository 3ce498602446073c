import "server-only";
import * as oauth from "oauth4webapi";
import { saveUnseen } from "@/lib/oidc/artifact-store";
import { issuer } from "@/lib/oidc/issuer";
import { publishedKeys } from "@/lib/oidc/provider";
import { isRevoked } from "@/lib/oidc/structured-tokens";
import {
  isRefusal,
  judgeScope,
  PROOF_LIFETIME_SECONDS,
  proofIdOf,
  refusalOf,
  refused,
  schemeOf,
  TOKEN_ALGORITHMS,
  type TokenJudgement,
} from "@/lib/oidc/token-judgement";

/**
 * Judges the access token of a request to a protected resource: signature,
 * issuer, audience, type and time (RFC 9068 §4), proof of possession where the
 * token is bound to a key, once each (RFC 9449 §7), revocation, and the scope
 * that is asked for. Throws when the database cannot say.
 */
export async function authorizeRequest(
  request: { method: string; url: string; header(name: string): string | null },
  audience: string,
  scope: string,
): Promise<TokenJudgement> {
  const headers = new Headers();
  for (const name of ["authorization", "dpop"]) {
    const value = request.header(name);
    if (value !== null) headers.set(name, value);
  }
  const scheme = schemeOf(headers);
  const keys = await publishedKeys();
  let claims: oauth.JWTAccessTokenClaims;
  try {
    claims = await oauth.validateJwtAccessToken(
      { issuer: issuer(), jwks_uri: `${issuer()}/jwks` },
      new Request(request.url, { method: request.method, headers }),
      audience,
      {
        [oauth.jwksCache]: { jwks: { keys }, uat: Math.floor(Date.now() / 1000) },
        [oauth.customFetch]: async () => Response.json({ keys }),
        [oauth.allowInsecureRequests]: true,
        signingAlgorithms: [...TOKEN_ALGORITHMS],
      },
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return refusalOf(scheme, error);
  }
  if (scheme === "DPoP" && !(await isFreshProof(headers.get("dpop") ?? ""))) {
    return refused("DPoP", "invalid_dpop_proof");
  }
  if (await isRevoked(claims)) return refused(scheme, "invalid_token");
  return judgeScope(scheme, claims, scope);
}

/** A proof counts once; one that is replayed is worth nothing. */
const isFreshProof = (proof: string): Promise<boolean> =>
  saveUnseen("DPoPProof", proofIdOf(proof), {}, PROOF_LIFETIME_SECONDS);
