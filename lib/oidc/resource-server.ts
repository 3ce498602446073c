import "server-only";
import * as oauth from "oauth4webapi";
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
  type VerifiedClaims,
} from "@/lib/oidc/token-judgement";

export interface ResourceServerTerms {
  issuer: string;
  /** What tokens have to be made for; one that names no audience is refused. */
  audience: string;
  /** By which tokens without a signature are looked up (RFC 7662); without it they are refused. */
  client?: { id: string; secret: string };
  /** False when this proof was seen before. Without it, tokens bound to a key are refused. */
  rememberProof?: (id: string, lifetimeSeconds: number) => Promise<boolean>;
  fetch?: typeof fetch;
}

/**
 * The guard of a service of one's own, which shares nothing with this program but its address: it
 * judges a JWT offline by the published keys (RFC 9068 §4), looks any other token up by
 * introspection, and answers as RFC 6750 §3 says. A JWT that has been revoked is good for it until
 * it expires; where that matters, look it up as well. Throws when the authorization server cannot
 * be asked.
 */
export function resourceServer(terms: ResourceServerTerms) {
  const keys: oauth.JWKSCacheInput = {};
  const options = {
    [oauth.customFetch]: terms.fetch ?? fetch,
    [oauth.allowInsecureRequests]: new URL(terms.issuer).protocol === "http:",
  };
  let known: Promise<oauth.AuthorizationServer> | undefined;

  async function authorizationServer(): Promise<oauth.AuthorizationServer> {
    known ??= discover(new URL(terms.issuer));
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  }

  async function discover(issuer: URL): Promise<oauth.AuthorizationServer> {
    const answer = await oauth.discoveryRequest(issuer, options);
    return oauth.processDiscoveryResponse(issuer, answer);
  }

  async function judgeSigned(request: Request): Promise<oauth.JWTAccessTokenClaims> {
    return oauth.validateJwtAccessToken(await authorizationServer(), request, terms.audience, {
      ...options,
      [oauth.jwksCache]: keys,
      signingAlgorithms: [...TOKEN_ALGORITHMS],
    });
  }

  async function lookUp(token: string) {
    if (terms.client === undefined) return null;
    const server = await authorizationServer();
    const client = { client_id: terms.client.id };
    const auth = oauth.ClientSecretBasic(terms.client.secret);
    const answer = await oauth.introspectionRequest(server, client, auth, token, options);
    const found = await oauth.processIntrospectionResponse(server, client, answer);
    const isOurs = [found.aud ?? []].flat().includes(terms.audience);
    // Bound to a key, it takes a proof, which only a JWT is verified with here.
    if (!found.active || !isOurs || found.cnf !== undefined) return null;
    const { sub, client_id, scope = "" } = found;
    return sub === undefined || client_id === undefined ? null : { sub, client_id, scope };
  }

  return async (request: Request, scope: string): Promise<TokenJudgement> => {
    const scheme = schemeOf(request.headers);
    const token = /^\S+ (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    // Who has sent nothing is told of no error (RFC 6750 §3.1).
    if (token === undefined) return { outcome: "refused", status: 401, challenge: "Bearer" };
    let claims: VerifiedClaims | null;
    try {
      claims = token.split(".").length === 3 ? await judgeSigned(request) : await lookUp(token);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return refusalOf(scheme, error);
    }
    if (claims === null) return refused(scheme, "invalid_token");
    if (scheme === "DPoP" && !(await isFresh(request.headers.get("dpop") ?? ""))) {
      return refused(scheme, "invalid_dpop_proof");
    }
    return judgeScope(scheme, claims, scope);
  };

  async function isFresh(proof: string): Promise<boolean> {
    return (await terms.rememberProof?.(proofIdOf(proof), PROOF_LIFETIME_SECONDS)) ?? false;
  }
}
