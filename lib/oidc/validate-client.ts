import "server-only";
import { errors } from "oidc-provider";
import type { OidcClientAuth } from "@/generated/prisma/client";
import { problemsOf } from "@/lib/oidc/client.schema";
import { type ClientKeys, checkClientKeys, UnusableClientKeys } from "@/lib/oidc/client-keys";
import type { ClientRow } from "@/lib/oidc/client-store";
import { metadataOf } from "@/lib/oidc/clients";
import { getProvider } from "@/lib/oidc/provider";
import { isOutboundAddress } from "@/lib/platform/http/outbound-fetch";

/** What does not fit, by field; under the empty name what the engine says of the whole. */
export interface InvalidClient {
  outcome: "rejected";
  reason: "invalid";
  fields: Record<string, string[]>;
}

/** Null when the client is one that the engine would take, and that attackers would not wish for. */
export async function judgeClient(
  client: ClientRow,
  sectorIdentifierUri?: string,
): Promise<InvalidClient | null> {
  const fields = problemsOf(client);
  const { backchannelLogoutUri: address } = client;
  if (address !== null && !isOutboundAddress(address)) {
    fields["backchannelLogoutUri"] ??= [
      "Enter an https address of the open internet, or have its host listed in OUTBOUND_ALLOWED_HOSTS.",
    ];
  }
  if (client.pairwiseSector !== null && client.scopes.some((scope) => scope.startsWith("api:"))) {
    fields["scopes"] ??= ["The API names its users as everybody knows them: no pairwise names."];
  }
  if (Object.keys(fields).length > 0) return { outcome: "rejected", reason: "invalid", fields };
  try {
    await (await getProvider()).Client.validate({
      ...metadataOf(client),
      ...(sectorIdentifierUri !== undefined && { sector_identifier_uri: sectorIdentifierUri }),
    });
    return null;
  } catch (error) {
    if (!(error instanceof errors.InvalidClientMetadata)) throw error;
    const text = error.error_description ?? error.message;
    return { outcome: "rejected", reason: "invalid", fields: { "": [text] } };
  }
}

export type StoredKeys = Pick<ClientRow, "jwks" | "jwksUri">;

/** A client's keys as they are stored; refused for a client that does not sign. */
export async function usableKeys(
  authMethod: OidcClientAuth,
  keys: ClientKeys,
): Promise<StoredKeys | InvalidClient> {
  try {
    if (authMethod !== "private_key_jwt") throw new UnusableClientKeys("this client does not sign");
    const usable = await checkClientKeys(keys);
    return "jwks" in usable
      ? { jwks: usable.jwks, jwksUri: null }
      : { jwks: null, jwksUri: usable.jwksUri };
  } catch (error) {
    if (!(error instanceof UnusableClientKeys)) throw error;
    const field = "jwks" in keys ? "jwks" : "jwksUri";
    return { outcome: "rejected", reason: "invalid", fields: { [field]: [`${error.message}.`] } };
  }
}
