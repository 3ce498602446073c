import "server-only";
import {
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from "oidc-provider";
import { accountPrompt } from "@/lib/oidc/account-prompt";
import { findAccount } from "@/lib/oidc/accounts";
import { adapterFor } from "@/lib/oidc/artifact-adapter";
import { SIGNING_ALGORITHMS, TOKENS_INTROSPECT } from "@/lib/oidc/client.schema";
import { checkClientAssertion } from "@/lib/oidc/client-assertion";
import { CLIENT_SIGNING_ALGORITHMS } from "@/lib/oidc/client-keys";
import { bindDocumentClient, documentClients, isDocumentClient } from "@/lib/oidc/document-clients";
import { dynamicRegistration } from "@/lib/oidc/dynamic-registration";
import { engineFetch } from "@/lib/oidc/engine-fetch";
import { renderErrorPage } from "@/lib/oidc/error-page";
import { GRANT_LIFETIME_SECONDS } from "@/lib/oidc/grant-store";
import { ASKS_SECTOR, pairwiseSubject } from "@/lib/oidc/pairwise";
import { valuesOf } from "@/lib/oidc/parameters";
import { loadRememberedGrant } from "@/lib/oidc/remembered-grant";
import {
  API_SCOPES,
  apiResource,
  describeApi,
  OPENID_CLAIMS,
  OPENID_SCOPES,
} from "@/lib/oidc/scopes";
import type { ProviderKeys } from "@/lib/oidc/signing-keys";
import { rememberStructuredToken } from "@/lib/oidc/structured-tokens";
import { hasItsSession } from "@/lib/oidc/token-exchange";
import { getConfig } from "@/lib/platform/config";
import { pseudonym } from "@/lib/platform/crypto";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { AAL1, AAL2, AAL3, type Acr, isAtLeast } from "@/lib/shared/assurance";
import { hours, minutes } from "@/lib/shared/duration";

/** Cookies of the engine that we do without: who is signed in is said by our own. */
export const UNUSED_COOKIES = ["gatehouse_oidc_session", "gatehouse_oidc_interaction"] as const;

const scopesOf = (client: { [key: string]: unknown } | undefined): string[] =>
  (client?.["resource_scopes"] as string[] | undefined) ?? [];

/**
 * The engine's configuration. Its defaults suit trying it out; each that does not
 * suit a system that is attacked is overridden here (RFC 9700, DEC-8).
 */
export function providerConfiguration({ jwks }: ProviderKeys): Configuration {
  const { accessLifetimeSeconds, refreshLifetimeSeconds } = getConfig().tokens;
  const policy = prompts();
  return {
    adapter: adapterFor,
    jwks: { keys: jwks },
    findAccount,
    loadExistingGrant: loadRememberedGrant,
    // Who acts for whom stands in a token that was exchanged.
    extraTokenClaims: (_ctx, token) => (token as { extra?: Record<string, unknown> }).extra,
    acrValues: [AAL1, AAL2, AAL3],
    scopes: OPENID_SCOPES,
    claims: { iss: null, sid: null, ...claimsByScope() },
    responseTypes: ["code"],
    subjectTypes: ["public", "pairwise"],
    pairwiseIdentifier: pairwiseSubject,
    // Asked for where addresses are registered, and never by those who sign in.
    sectorIdentifierUriValidate: (client) => client[ASKS_SECTOR] === true,
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    assertJwtClientAuthClaimsAndHeader: checkClientAssertion,
    enabledJWA: {
      idTokenSigningAlgValues: [...SIGNING_ALGORITHMS],
      clientAuthSigningAlgValues: [...CLIENT_SIGNING_ALGORITHMS],
    },
    extraClientMetadata: {
      properties: ["source", "first_party", "resource_scopes", "pairwise_sector", ASKS_SECTOR],
      validator: (_ctx, key, _value, metadata) => {
        if (key === "source" && isDocumentClient(metadata.client_id)) bindDocumentClient(metadata);
      },
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed("refresh_token") &&
      (source.scopes.has("offline_access") || client["first_party"] === true),
    interactions: {
      policy,
      url: (_ctx, { uid }) => `/interaction/${uid}`,
    },
    features: {
      devInteractions: { enabled: false },
      // The page is ours, and so is what it ends: see end-session.ts.
      rpInitiatedLogout: { enabled: true, logoutSource: () => {} },
      // Sent from a queue, whatever ends the session: see deliver-due-logouts.ts.
      backchannelLogout: { enabled: true },
      clientIdMetadataDocument: documentClients(),
      ...dynamicRegistration(),
      claimsParameter: { enabled: true },
      // The page is ours: see device-requests.ts.
      deviceFlow: { enabled: true, charset: "base-20", mask: "****-****", deviceInfo: whoAsks },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) =>
          client.clientAuthMethod !== "none" &&
          (token.clientId === client.clientId || scopesOf(client).includes(TOKENS_INTROSPECT)) &&
          (await hasItsSession(token)),
      },
      revocation: {
        enabled: true,
        // Whose token it is, is told to nobody else (RFC 7009 §2.1).
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: { enabled: true, getResourceServerInfo: resourceServerOf },
    },
    formats: { customizers: { jwt: rememberStructuredToken } },
    cookies: {
      names: {
        session: UNUSED_COOKIES[0],
        interaction: UNUSED_COOKIES[1],
        // Its path is that of one interaction, which __Host- does not allow.
        resume: `${getConfig().secureCookies ? "__Secure-" : ""}gatehouse_oidc_resume`,
      },
      keys: getConfig().authSecrets.map((secret) =>
        pseudonym(secret, "cookies of the authorization server"),
      ),
      short: { httpOnly: true, sameSite: "lax", secure: getConfig().secureCookies, signed: true },
    },
    ttl: {
      AccessToken: accessLifetimeSeconds,
      ClientCredentials: accessLifetimeSeconds,
      AuthorizationCode: minutes(1),
      DeviceCode: minutes(10),
      IdToken: hours(1),
      RefreshToken: refreshLifetimeSeconds,
      Grant: GRANT_LIFETIME_SECONDS,
      Interaction: minutes(30),
      Session: hours(1),
    },
    renderError: renderErrorPage,
    // The name is that of OpenID Connect Initiating User Registration 1.0 §4.1.
    discovery: { prompt_values_supported: ["none", ...policy.map(({ name }) => name)] },
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === "none" &&
      /^https?:/.test(origin) &&
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    fetch: engineFetch,
  };
}

/** For whoever is to decide whether this is their device (RFC 8628 §5.4). */
function whoAsks(ctx: KoaContextWithOIDC) {
  const { ip, userAgent } = factsFromHeaders((name) => ctx.get(name) || null);
  return { ip, userAgent };
}

const claimsByScope = () =>
  Object.fromEntries(Object.entries(OPENID_CLAIMS).map(([scope, claims]) => [scope, [...claims]]));

function prompts() {
  const { base, Check } = interactionPolicy;
  const policy = base();
  policy.add(accountPrompt(), 0);
  // A wished-for class is asked for once; what the person then proves is what the client gets.
  policy.get("login")?.checks.add(
    new Check("acr_values", "a stronger sign-in is asked for", ({ oidc }) => {
      const wished = valuesOf(oidc.params?.["acr_values"]);
      const reachable = wished.filter((acr): acr is Acr => [AAL1, AAL2, AAL3].includes(acr as Acr));
      const { acr } = oidc.session as { acr?: string };
      return (
        oidc.result?.login === undefined &&
        reachable.length > 0 &&
        !reachable.some((one) => isAtLeast(acr ?? "", one))
      );
    }),
  );
  const consent = policy.get("consent");
  // Any program can claim a native app's address, so its user is asked each time (RFC 8252 §8.6).
  consent?.checks.remove("native_client_prompt");
  consent?.checks.add(
    new Check(
      "native_client_prompt",
      "native clients require consent",
      "interaction_required",
      (ctx) =>
        ctx.oidc.client?.applicationType === "native" && ctx.oidc.result?.consent === undefined,
    ),
  );
  return policy;
}

function resourceServerOf(
  { oidc }: KoaContextWithOIDC,
  resource: string,
  client: { [key: string]: unknown },
) {
  const scopes = API_SCOPES.filter((scope) => scopesOf(client).includes(scope));
  // An unknown resource and one that the client has no business with look alike.
  // Our API names its users as everybody knows them.
  const pairwise = client["pairwise_sector"] !== undefined;
  if (resource !== apiResource() || scopes.length === 0 || pairwise)
    throw new errors.InvalidTarget();
  // A service that gets nothing of what it asks for is told so; the engine would drop it (RFC 6749 §3.3).
  const asked = valuesOf(oidc.params?.["scope"]);
  if (oidc.params?.["grant_type"] === "client_credentials" && asked.length > 0) {
    if (!scopes.some((scope) => asked.includes(scope))) {
      throw new errors.InvalidScope(
        "this client has none of these scopes for the resource",
        asked.join(" "),
      );
    }
  }
  return {
    ...describeApi(scopes.join(" ")),
    accessTokenTTL: getConfig().tokens.accessLifetimeSeconds,
  } as never;
}
