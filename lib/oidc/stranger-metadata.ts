import "server-only";
import { type ClientMetadata, errors } from "oidc-provider";
import type { OidcClientSource } from "@/generated/prisma/client";
import { API_READ, OPENID_SCOPES } from "@/lib/oidc/scopes";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";

/** Of all that a client can say of itself, what we act on. The rest is not kept. */
const KNOWN = new Set([
  "client_id",
  "client_id_issued_at",
  "client_name",
  "client_secret",
  "client_secret_expires_at",
  "client_uri",
  "contacts",
  "logo_uri",
  "policy_uri",
  "tos_uri",
  "application_type",
  "dpop_bound_access_tokens",
  "grant_types",
  "id_token_signed_response_alg",
  "jwks",
  "jwks_uri",
  "redirect_uris",
  "require_pushed_authorization_requests",
  "response_types",
  "token_endpoint_auth_method",
  "token_endpoint_auth_signing_alg",
]);
const GRANTS = ["authorization_code", "refresh_token"];
/** For people to look at; nobody here fetches or shows them. */
const PAGES = ["client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks_uri"];
const REDIRECT_URIS_MAX = 20;
const TEXT_LENGTH_MAX = 200;

type Fields = ClientMetadata & Record<string, unknown>;

/**
 * Holds the metadata of a client that nobody here has entered to what a stranger may be:
 * it acts for users who are asked, reads at most, and is led back to https or to the
 * device itself. Throws what the registration specification calls it (RFC 7591 §3.2.2, ATK-28).
 */
export function boundStranger(
  given: ClientMetadata,
  source: OidcClientSource,
  { resourceScopes = [API_READ] }: { resourceScopes?: readonly string[] } = {},
): void {
  const metadata = given as Fields;
  for (const name of Object.keys(metadata)) if (!KNOWN.has(name)) delete metadata[name];
  const uris: unknown = metadata.redirect_uris;
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > REDIRECT_URIS_MAX) {
    throw new errors.InvalidRedirectUri(`redirect_uris has 1 to ${REDIRECT_URIS_MAX} members`);
  }
  const addresses = uris.map(checkedRedirectUri);
  const name = metadata.client_name;
  if (name !== undefined && (typeof name !== "string" || !isPlainText(name))) {
    throw new errors.InvalidClientMetadata("client_name is a short text of one line");
  }
  for (const page of PAGES) {
    const value: unknown = metadata[page];
    if (value === undefined) continue;
    if (typeof value !== "string" || URL.parse(value)?.protocol !== "https:") {
      throw new errors.InvalidClientMetadata(`${page} is an https address`);
    }
  }
  if (metadata.token_endpoint_auth_method !== "private_key_jwt") {
    delete metadata.jwks;
    delete metadata.jwks_uri;
  }
  const grants = [metadata.grant_types ?? GRANTS].flat();
  Object.assign(metadata, {
    source,
    first_party: false,
    resource_scopes: [...resourceScopes],
    scope: OPENID_SCOPES.join(" "),
    grant_types: grants.filter((grant) => GRANTS.includes(grant)),
    response_types: ["code"],
    // Whose address on a device another program may take is asked for each time (RFC 8252 §8.6).
    ...(addresses.every((uri) => uri.startsWith("https:")) ? {} : { application_type: "native" }),
  });
}

const isPlainText = (text: string): boolean =>
  text.length <= TEXT_LENGTH_MAX && text.trim() !== "" && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);

/** The address, when it is one that a stranger may be sent to. */
function checkedRedirectUri(uri: unknown): string {
  const refuse = (detail: string): never => {
    throw new errors.InvalidRedirectUri(`redirect_uris: ${detail}`);
  };
  if (typeof uri !== "string") return refuse("a member is no text");
  const url = URL.parse(uri);
  if (url === null || /[\s\\#*]/.test(uri)) return refuse("no fragment, no wildcard, no space");
  if (url.username !== "" || url.password !== "") refuse("no user and no password");
  const isWeb = url.protocol === "https:";
  const isLoopback = url.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname);
  // The form of a name that somebody owns, and thereby no scheme that a browser runs (RFC 8252 §7.1).
  const isPrivate = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/i.test(url.protocol);
  if (!isWeb && !isLoopback && !isPrivate) {
    refuse("https, http to the device itself, or a scheme such as com.example.app");
  }
  return uri;
}
