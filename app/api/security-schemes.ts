import "server-only";
import { type Endpoint, scopeFor, takesFreshProof } from "@/app/api/endpoint";
import { issuer } from "@/lib/oidc/issuer";
import { API_READ, API_WRITE, apiResource } from "@/lib/oidc/scopes";

const SCOPES = {
  [API_READ]: "GET, as far as whoever it acts for may read",
  [API_WRITE]: "Everything else, as far as whoever it acts for may change",
};

/** The ways to authenticate, as OpenAPI names them. */
export const securitySchemes = () => ({
  session: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-gatehouse_session",
    description:
      "The browser's session; gatehouse_session on plain http. Changes need our own Origin.",
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    description: `An access token of /api/v1/auth/login, of a client for its user, or of a service account for itself, each for the resource ${apiResource()} (RFC 8707); or a personal access token (gatehouse_pat_…). One that was asked for with a proof of possession is bound to that key: send it as "Authorization: DPoP …" with a new proof in the header DPoP (RFC 9449).`,
  },
  oauth2: {
    type: "oauth2",
    description: `How a client gets such a token. Both requests name the resource ${apiResource()}; the authorization request has PKCE (S256).`,
    flows: {
      authorizationCode: {
        authorizationUrl: `${issuer()}/auth`,
        tokenUrl: `${issuer()}/token`,
        refreshUrl: `${issuer()}/token`,
        scopes: SCOPES,
      },
      clientCredentials: { tokenUrl: `${issuer()}/token`, scopes: SCOPES },
    },
  },
  openId: {
    type: "openIdConnect",
    openIdConnectUrl: `${issuer()}/.well-known/openid-configuration`,
  },
});

/** Which of them an operation takes. */
export function securityOf(endpoint: Endpoint): Record<string, string[]>[] {
  if (endpoint.access === "anonymous") return [];
  const own: Record<string, string[]>[] = [{ session: [] }, { bearer: [] }];
  if (takesFreshProof(endpoint)) return own;
  const scopes = [scopeFor(endpoint)];
  if (endpoint.servicesOnly === true) return [{ bearer: [] }, { oauth2: scopes }];
  return [...own, { oauth2: scopes }, { openId: scopes }];
}

/** What an operation asks of its caller beyond a permission and a scope, in words; empty for nothing. */
export function demandsOf(endpoint: Endpoint): string {
  if (endpoint.access === "anonymous") return "";
  const asks = [];
  if (typeof endpoint.fresh === "string" || takesFreshProof(endpoint)) {
    const when = typeof endpoint.fresh === "string" ? `${endpoint.fresh} it takes` : "Takes";
    asks.push(
      `${when} a person who has proven who they are in the last ten minutes, by the browser's session or a token of /api/v1/auth/login. A token of a client, a service account or a script is answered with 403 person_required.`,
    );
  }
  if (endpoint.servicesOnly === true)
    asks.push("Anybody but a service account is answered with 403 service_required.");
  if (endpoint.services !== true)
    asks.push("A service account is answered with 403 user_required.");
  return asks.join(" ");
}
