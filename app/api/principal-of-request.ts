import "server-only";
import { invalidToken, refusedByGate, tooManyRequests } from "@/app/api/problems";
import { PERMISSIONS } from "@/app/permissions";
import { RefusedAtGate, recordGateRefusal } from "@/lib/authz/refuse-at-gate";
import { findPresentPrincipal } from "@/lib/impersonation/find-present-principal";
import { authorizeRequest } from "@/lib/oidc/authorize-request";
import { FIRST_PARTY_CLIENT_ID } from "@/lib/oidc/clients";
import { apiResource } from "@/lib/oidc/scopes";
import type { AuthorizedToken } from "@/lib/oidc/token-judgement";
import {
  authorizePersonalToken,
  presentedPersonalToken,
} from "@/lib/personal-tokens/authorize-personal-token";
import { getConfig } from "@/lib/platform/config";
import type { HttpRequest } from "@/lib/platform/http/request";
import { findServicePrincipal } from "@/lib/service-accounts/find-service-principal";
import { findPrincipalOfSession } from "@/lib/sessions/current-principal";
import { PASSIVE_HEADER } from "@/lib/shared/passive-request";
import type { Principal } from "@/lib/shared/principal";

/** A request, or what the gateway is told of one. */
export interface Asking extends Pick<HttpRequest, "method" | "facts" | "header"> {
  /** What a proof of possession is for (RFC 9449 §4.2). */
  url: string;
}

/** A request to ourselves, whose address is ours whatever it says. */
export const askingUs = ({ method, path, facts, header }: HttpRequest): Asking => ({
  method,
  facts,
  header,
  url: `${getConfig().origin}${path}`,
});

/**
 * Who asks the API, or null. A token counts where there is one: whoever sends it does not mean the
 * cookie (RFC 6750 §2.1). Throws the problem of a token that is not good, or not for `scope`.
 */
export function findPrincipalOfRequest(
  cookie: string | undefined,
  request: Asking,
  scope: string,
): Promise<Principal | null> {
  const authorization = request.header("authorization");
  if (authorization === null) {
    const passive = request.header(PASSIVE_HEADER) !== null;
    return findPresentPrincipal(cookie, request.facts, PERMISSIONS, { passive });
  }
  const personal = presentedPersonalToken(authorization);
  return personal === null
    ? findPrincipalOfAccessToken(request, scope)
    : findPrincipalOfPersonalToken(personal, request, scope);
}

/** The user of an access token's session, while that opens doors, or the client that got it for itself. */
async function findPrincipalOfAccessToken(
  request: Asking,
  scope: string,
): Promise<Principal | null> {
  const judgement = await authorizeRequest(
    {
      method: request.method,
      url: request.url,
      header: (name) => request.header(name),
    },
    apiResource(),
    scope,
  );
  if (judgement.outcome === "refused" && judgement.status === 401) {
    throw invalidToken(judgement.challenge, scope);
  }
  const principal = await principalOfToken(judgement.token);
  if (judgement.outcome === "authorized" || principal === null) return principal;
  throw await outOfScope(principal, request, judgement.challenge, scope, judgement.token.scopes);
}

/** Who a token stands for: its user, while they or their session may do anything. */
async function principalOfToken({
  sessionId,
  subject,
  clientId,
}: AuthorizedToken): Promise<Principal | null> {
  if (sessionId === null) return subject === clientId ? findServicePrincipal(clientId) : null;
  const app = clientId === FIRST_PARTY_CLIENT_ID ? null : clientId;
  return findPrincipalOfSession(sessionId, subject, app);
}

async function findPrincipalOfPersonalToken(
  token: string,
  request: Asking,
  scope: string,
): Promise<Principal> {
  const judgement = await authorizePersonalToken(token, scope, request.facts);
  if (judgement.outcome === "authorized") return judgement.principal;
  if (judgement.outcome === "limited") throw tooManyRequests(judgement.retryAfterSeconds);
  if (judgement.reason === "unknown") {
    throw invalidToken('Bearer error="invalid_token"', scope);
  }
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`;
  throw await outOfScope(judgement.principal, request, challenge, scope, judgement.granted);
}

/** What a token is answered with that does not reach this far, on record. */
async function outOfScope(
  principal: Principal,
  { facts }: Asking,
  challenge: string,
  required: string,
  granted: Iterable<string>,
): Promise<Error> {
  const gate = { rule: "scope", required, granted: [...granted] } as const;
  const decisionId = await recordGateRefusal({ principal, request: facts }, gate);
  return refusedByGate(new RefusedAtGate(decisionId, gate), { "www-authenticate": challenge });
}
