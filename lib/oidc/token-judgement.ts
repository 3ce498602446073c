import "server-only";
import * as oauth from "oauth4webapi";

export interface AuthorizedToken {
  /** The user's id, or the client's for a token that it got for itself. */
  subject: string;
  clientId: string;
  sessionId: string | null;
  scopes: ReadonlySet<string>;
}

export type TokenJudgement =
  | { outcome: "authorized"; token: AuthorizedToken }
  /** RFC 6750 §3: for the header WWW-Authenticate, and the status that goes with it. */
  | { outcome: "refused"; status: 401; challenge: string }
  /** The token is good, and reaches no further than it says. */
  | { outcome: "refused"; status: 403; challenge: string; token: AuthorizedToken };

/** With what access tokens are signed; a closed list (RFC 8725 §3.1). */
export const TOKEN_ALGORITHMS = ["ES256", "EdDSA", "Ed25519"] as const;

/** How long a proof of possession is looked at: as old as it may be, with what clocks differ (RFC 9449 §11.1). */
export const PROOF_LIFETIME_SECONDS = 330;

export type TokenScheme = "Bearer" | "DPoP";

export const schemeOf = (headers: Headers): TokenScheme =>
  /^dpop /i.test(headers.get("authorization") ?? "") ? "DPoP" : "Bearer";

export const refused = (scheme: TokenScheme, error: string) =>
  ({
    outcome: "refused",
    status: 401,
    challenge: `${scheme} error="${error}"${scheme === "DPoP" ? `, algs="${TOKEN_ALGORITHMS.join(" ")}"` : ""}`,
  }) as const;

/** What a token says once it has been verified (RFC 9068 §2.2, RFC 7662 §2.2). */
export interface VerifiedClaims {
  sub: string;
  client_id: string;
  scope?: string;
  sid?: unknown;
}

/** A token that has been verified is good for what is asked where it has the scope (RFC 6750 §3.1). */
export function judgeScope(
  scheme: TokenScheme,
  claims: VerifiedClaims,
  scope: string,
): TokenJudgement {
  const { sub, client_id, sid } = claims;
  const token: AuthorizedToken = {
    subject: sub,
    clientId: client_id,
    sessionId: typeof sid === "string" ? sid : null,
    scopes: new Set((claims.scope ?? "").split(" ")),
  };
  if (token.scopes.has(scope)) return { outcome: "authorized", token };
  const { challenge } = refused(scheme, "insufficient_scope");
  return { outcome: "refused", status: 403, challenge: `${challenge}, scope="${scope}"`, token };
}

/** What a key is answered with that does not fit its algorithm: a proof brings its own. */
const isUnusableKey = (error: unknown): boolean =>
  error instanceof DOMException && ["DataError", "SyntaxError"].includes(error.name);

/** Whether a failure is about the token, and none of who judges it. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof oauth.OperationProcessingError ||
  error instanceof oauth.UnsupportedOperationError ||
  isUnusableKey(error);

export const refusalOf = (scheme: TokenScheme, error: Error) =>
  refused(
    scheme,
    isUnusableKey(error) || /dpop proof/i.test(error.message)
      ? "invalid_dpop_proof"
      : "invalid_token",
  );

/** What tells one proof of possession from another, once its signature has been verified. */
export function proofIdOf(proof: string): string {
  const payload = proof.split(".")[1] ?? "";
  const { jti, htu } = JSON.parse(Buffer.from(payload, "base64url").toString()) as {
    jti: string;
    htu: string;
  };
  return JSON.stringify([htu, jti]);
}
