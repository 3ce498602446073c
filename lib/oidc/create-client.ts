import "server-only";
import type {
  OidcClientAuth,
  OidcClientKind,
  OidcSigningAlgorithm,
} from "@/generated/prisma/client";
import type { Authority } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { findShownClient, type ShownClient } from "@/lib/oidc/client-directory-store";
import type { ClientKeys } from "@/lib/oidc/client-keys";
import { listClientRows } from "@/lib/oidc/client-store";
import { checkTrust } from "@/lib/oidc/client-trust";
import { sectorOf } from "@/lib/oidc/pairwise";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import {
  type InvalidClient,
  judgeClient,
  type StoredKeys,
  usableKeys,
} from "@/lib/oidc/validate-client";
import { writeNewClient } from "@/lib/oidc/write-client";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { keepsSecret } from "@/lib/shared/client-kind";

export interface NewClient {
  name: string;
  kind: OidcClientKind;
  firstParty?: boolean;
  /** Compared as they are; of a native app's loopback addresses the port may differ (RFC 8252 §7.3). */
  redirectUris?: string[];
  /** Where it may send a browser after a sign-out; compared as they are. */
  postLogoutRedirectUris?: string[];
  /** Where it is told that a session has ended (OpenID Connect Back-Channel Logout). */
  backchannelLogoutUri?: string | null;
  /** Scopes of protected resources, beyond those of OpenID Connect. */
  scopes?: string[];
  idTokenAlgorithm?: OidcSigningAlgorithm;
  /** What it asks for counts only when it has pushed it (RFC 9126 §6). */
  requirePushedRequests?: boolean;
  /** It signs with a private key of its own instead of sending a secret (RFC 7523 §2.2). */
  keys?: ClientKeys;
  /** Its users have names of their own there, by which no other client knows them (OIDC Core §8.1). */
  pairwise?: boolean;
  /** Where the addresses of a pairwise client that has several hosts are listed. */
  sectorIdentifierUri?: string;
}

export type ClientCreation =
  /** `secret` exists nowhere else; null for a client that has none. */
  { outcome: "created"; client: ShownClient; secret: string | null } | InvalidClient | BeyondOwn;

/** Registers a client, if the engine would take it as it is and its author may have it. */
export async function createClient(
  authority: Authority,
  {
    name,
    kind,
    firstParty = false,
    redirectUris = [],
    scopes = [],
    idTokenAlgorithm = "ES256",
    requirePushedRequests = false,
    postLogoutRedirectUris = [],
    backchannelLogoutUri = null,
    keys,
    ...naming
  }: NewClient,
): Promise<ClientCreation> {
  if (authority.kind === "caller") await authorize(authority.caller, CLIENT_PERMISSIONS.manage);
  const id = newId();
  const sector = sectorOf({ redirectUris, scopes, ...naming });
  if (sector !== null && "problem" in sector) {
    return { outcome: "rejected", reason: "invalid", fields: { pairwise: [sector.problem] } };
  }
  const authMethod = authMethodOf(kind, keys);
  const usable = keys === undefined ? NO_KEYS : await usableKeys(authMethod, keys);
  if ("outcome" in usable) return usable;
  const secret = authMethod === "client_secret_basic" ? newSecret() : null;
  const described = {
    name,
    kind,
    authMethod,
    firstParty,
    redirectUris,
    postLogoutRedirectUris,
    backchannelLogoutUri,
    scopes,
    idTokenAlgorithm,
    requirePushedRequests,
    pairwiseSector: sector?.host ?? null,
    pairwiseSectorUri: naming.sectorIdentifierUri ?? null,
  };
  const client = {
    id,
    ...described,
    source: "registered" as const,
    secretHashes: secret === null ? [] : [hashSecret(secret)],
    metadata: null,
    ...usable,
  };
  const invalid = await judgeClient(client, { asksSector: true });
  if (invalid !== null) return invalid;
  return inTransaction(async (tx): Promise<ClientCreation> => {
    const beyond = await checkTrust(authority, id, [client], tx, kind === "service");
    if (beyond !== null) return beyond;
    await writeNewClient(authority, client, tx);
    const shown = await findShownClient(id, tx);
    if (shown === null) throw new Error("the client that was just made is not there");
    return { outcome: "created", client: shown, secret };
  });
}

export const NO_KEYS: StoredKeys = { jwks: null, jwksUri: null };

/** What runs with its users keeps no private key for all of them. */
export const authMethodOf = (
  kind: OidcClientKind,
  keys: ClientKeys | undefined,
): OidcClientAuth => {
  if (!keepsSecret(kind)) return "none";
  return keys === undefined ? "client_secret_basic" : "private_key_jwt";
};

/** Every client, without anything of its secret. */
export const listClients = async () => {
  const rows = await listClientRows();
  return rows.map(({ id, name, kind, source, firstParty, disabledAt, lastUsedAt }) => ({
    id,
    name,
    kind,
    source,
    firstParty,
    disabled: disabledAt !== null,
    lastUsedAt,
  }));
};
