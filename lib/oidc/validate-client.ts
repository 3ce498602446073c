import "server-only";
import { errors } from "oidc-provider";
import type { OidcClientAuth } from "@/generated/prisma/client";
import { problemsOf } from "@/lib/oidc/client.schema";
import { type ClientKeys, checkClientKeys, UnusableClientKeys } from "@/lib/oidc/client-keys";
import type { ClientRow } from "@/lib/oidc/client-store";
import { metadataOf } from "@/lib/oidc/clients";
import { ASKS_SECTOR, strayAddresses, tellsAstray } from "@/lib/oidc/pairwise";
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
  { asksSector = false }: { asksSector?: boolean } = {},
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
  if (tellsAstray(client)) {
    fields["backchannelLogoutUri"] ??= [
      `${address}: its users have names of their own for ${client.pairwiseSector}, and for nobody else.`,
    ];
  }
  if (Object.keys(fields).length > 0) return { outcome: "rejected", reason: "invalid", fields };
  const problem = await engineProblem(client, asksSector);
  return problem === null
    ? null
    : { outcome: "rejected", reason: "invalid", fields: { "": [problem] } };
}

/** What the engine has against a client, and where that is asked for against the list of its sector; null for nothing. */
async function engineProblem(client: ClientRow, asksSector: boolean): Promise<string | null> {
  try {
    const { Client } = await getProvider();
    await Client.validate({ ...metadataOf(client), [ASKS_SECTOR]: asksSector });
    return null;
  } catch (error) {
    if (!(error instanceof errors.InvalidClientMetadata)) throw error;
    return error.error_description ?? error.message;
  }
}

/**
 * The addresses of a change that a pairwise client's sector lists, asked anew through the
 * guard; none where the change leads nowhere else, or there is no such list. It may take
 * seconds: not for a transaction.
 */
export async function listedAddresses(
  client: ClientRow,
  redirectUris: string[],
): Promise<string[]> {
  const { pairwiseSectorUri } = client;
  if (pairwiseSectorUri === null || strayAddresses(client, redirectUris).length === 0) return [];
  const problem = await engineProblem({ ...client, redirectUris }, true);
  return problem === null ? redirectUris : [];
}

/** Null when a change leads a pairwise client nowhere that its users' names are not for. */
export function judgeAddresses(
  client: Pick<ClientRow, "pairwiseSector" | "redirectUris">,
  redirectUris: string[],
  listed: string[],
): InvalidClient | null {
  const strays = strayAddresses(client, redirectUris).filter((uri) => !listed.includes(uri));
  if (strays.length === 0) return null;
  const texts = strays.map(
    (uri) =>
      `${uri}: its users have names of their own for ${client.pairwiseSector}, whose sector_identifier_uri lists all addresses elsewhere, and not this one.`,
  );
  return { outcome: "rejected", reason: "invalid", fields: { redirectUris: texts } };
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
