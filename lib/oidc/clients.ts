import "server-only";
import type { ClientMetadata } from "oidc-provider";
import type { OidcClientKind } from "@/generated/prisma/client";
import { TOKENS_EXCHANGE } from "@/lib/oidc/client.schema";
import { type ClientRow, findClientRow } from "@/lib/oidc/client-store";
import { OPENID_SCOPES } from "@/lib/oidc/scopes";
import { equalBytes, hashSecret } from "@/lib/platform/crypto";

/** The program's own client, of the first-party flow; the database has it from the start. */
export const FIRST_PARTY_CLIENT_ID = "gatehouse";

/** RFC 8693 §2.1. */
export const TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";

/** RFC 8628 §3.4. */
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** What an app without an address can do: a television or a command line is signed in by its code alone. */
const DEVICE_ONLY: Partial<ClientMetadata> = {
  grant_types: ["refresh_token", DEVICE_GRANT],
  response_types: [],
};

const PRESETS: Record<OidcClientKind, Partial<ClientMetadata>> = {
  web: {
    application_type: "web",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
  },
  single_page: {
    application_type: "web",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
  },
  native: {
    application_type: "native",
    grant_types: ["authorization_code", "refresh_token", DEVICE_GRANT],
    response_types: ["code"],
  },
  service: {
    application_type: "web",
    grant_types: ["client_credentials"],
    response_types: [],
  },
};

/** A client as the engine knows it, or undefined while it is disabled. Its secret is the list of hashes, which open nothing. */
export async function findClientMetadata(id: string): Promise<ClientMetadata | undefined> {
  const client = await findClientRow(id);
  return client === null ? undefined : metadataOf(client);
}

/** What the engine takes for the secret of a client: the hashes of what it may be. */
export const secretOf = ({ secretHashes }: Pick<ClientRow, "secretHashes">): string =>
  secretHashes.map((hash) => Buffer.from(hash).toString("base64url")).join(".");

export function metadataOf({
  id,
  name,
  source,
  kind,
  authMethod,
  jwks,
  jwksUri,
  firstParty,
  redirectUris,
  postLogoutRedirectUris,
  backchannelLogoutUri,
  scopes,
  idTokenAlgorithm,
  requirePushedRequests,
  secretHashes,
  metadata,
  pairwiseSector,
  pairwiseSectorUri,
}: ClientRow) {
  const preset = PRESETS[kind];
  const own = id === FIRST_PARTY_CLIENT_ID;
  return {
    ...preset,
    ...(kind === "native" && redirectUris.length === 0 ? DEVICE_ONLY : {}),
    ...(own ? { grant_types: ["refresh_token"], response_types: [] as const } : {}),
    client_id: id,
    client_name: name,
    source,
    token_endpoint_auth_method: authMethod,
    ...(authMethod !== "none" && scopes.includes(TOKENS_EXCHANGE)
      ? { grant_types: [...(preset.grant_types ?? []), TOKEN_EXCHANGE_GRANT] }
      : {}),
    id_token_signed_response_alg: idTokenAlgorithm,
    ...metadata,
    ...(jwks === null ? {} : { jwks }),
    ...(jwksUri === null ? {} : { jwks_uri: jwksUri }),
    require_pushed_authorization_requests: requirePushedRequests,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
    ...(backchannelLogoutUri === null
      ? {}
      : {
          backchannel_logout_uri: backchannelLogoutUri,
          backchannel_logout_session_required: true,
        }),
    scope: OPENID_SCOPES.join(" "),
    resource_scopes: scopes,
    ...(pairwiseSector !== null && {
      subject_type: "pairwise" as const,
      pairwise_sector: pairwiseSector,
      ...(pairwiseSectorUri !== null && { sector_identifier_uri: pairwiseSectorUri }),
    }),
    first_party: firstParty,
    ...(authMethod === "client_secret_basic" && { client_secret: secretOf({ secretHashes }) }),
  } as ClientMetadata;
}

/** The hash of a secret that is one of the client's, or null: two may be good while one replaces the other. */
export function hashOfClientSecret(
  stored: string | undefined,
  presented: string,
): Uint8Array | null {
  const presentedHash = hashSecret(presented);
  let matches = false;
  for (const hash of (stored ?? "").split(".")) {
    // No early end: neither which nor how many is told by time.
    if (hash !== "" && equalBytes(Buffer.from(hash, "base64url"), presentedHash)) matches = true;
  }
  return matches ? presentedHash : null;
}
