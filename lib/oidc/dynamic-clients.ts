import "server-only";
import { type AdapterPayload, type ClientMetadata, errors, Provider } from "oidc-provider";
import type {
  OidcClientAuth,
  OidcClientKind,
  OidcSigningAlgorithm,
} from "@/generated/prisma/client";
import { recordEvent } from "@/lib/audit/record-event";
import { isLedElsewhere, isProvenOtherwise } from "@/lib/oidc/client-changes";
import { deleteHoldings, findShownClient, lockClient } from "@/lib/oidc/client-directory-store";
import {
  type ClientRow,
  clearRegistrationToken,
  deleteDynamicClient,
  findClientOfRegistrationToken,
  insertClient,
  setRegistrationToken,
  updateDynamicClient,
} from "@/lib/oidc/client-store";
import { isTrusted } from "@/lib/oidc/client-trust";
import { findUsableInitialToken, useInitialToken } from "@/lib/oidc/initial-token-store";
import { hashSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import type { RequestFacts } from "@/lib/shared/caller";

/** The engine's name for the rule that `dynamic-registration.ts` holds a client to. */
export const STRANGER_POLICY = "stranger";

/** What a client says beyond the columns of its row. */
const KEPT = [
  "application_type",
  "client_id_issued_at",
  "client_uri",
  "contacts",
  "dpop_bound_access_tokens",
  "grant_types",
  "logo_uri",
  "policy_uri",
  "response_types",
  "token_endpoint_auth_method",
  "token_endpoint_auth_signing_alg",
  "tos_uri",
] as const;

function kindOf({ application_type, token_endpoint_auth_method }: ClientMetadata): OidcClientKind {
  if (application_type === "native") return "native";
  return token_endpoint_auth_method === "none" ? "single_page" : "web";
}

function authMethodOf({ token_endpoint_auth_method: method }: ClientMetadata): OidcClientAuth {
  if (method === "none" || method === "private_key_jwt") return method;
  return "client_secret_basic";
}

/** The row of what a client says of itself. Of its secret the hash. */
function rowOf(id: string, metadata: ClientMetadata) {
  const authMethod = authMethodOf(metadata);
  return {
    id,
    name: metadata.client_name ?? id,
    source: "dynamic" as const,
    kind: kindOf(metadata),
    authMethod,
    jwks: (metadata.jwks as ClientRow["jwks"] | undefined) ?? null,
    jwksUri: metadata.jwks_uri ?? null,
    firstParty: false,
    pairwiseSector: null,
    pairwiseSectorUri: null,
    redirectUris: [...(metadata.redirect_uris ?? [])],
    postLogoutRedirectUris: [],
    backchannelLogoutUri: null,
    idTokenAlgorithm: metadata.id_token_signed_response_alg as OidcSigningAlgorithm,
    requirePushedRequests: metadata["require_pushed_authorization_requests"] === true,
    scopes: metadata["resource_scopes"] as string[],
    secretHashes:
      authMethod === "client_secret_basic" ? [hashSecret(String(metadata.client_secret))] : [],
    metadata: Object.fromEntries(
      KEPT.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]])),
    ),
  };
}

function current() {
  const ctx = Provider.ctx;
  if (ctx === undefined) throw new Error("a client registers itself by a request");
  const {
    InitialAccessToken: initial,
    RegistrationAccessToken: own,
    Client: client,
  } = ctx.oidc.entities;
  return { initial, own, client, request: factsFromHeaders((name) => ctx.get(name) || null) };
}

const event = (action: string, id: string, after?: object) =>
  ({
    action,
    outcome: "success",
    actor: { type: "anonymous" },
    target: { type: "client", id },
    ...(after && { after: { ...after } }),
  }) as const;

/**
 * Stores a client that registers itself, or says something new of itself: together with
 * the use of the token by which it may, and its event. Of many by one token no more get
 * through than it is good for (F60, F61).
 */
export async function saveDynamicClient(id: string, payload: AdapterPayload): Promise<void> {
  const metadata = payload as unknown as ClientMetadata;
  const { initial, own, client, request } = current();
  const row = rowOf(id, metadata);
  if (own === undefined || initial !== undefined) {
    await inTransaction(async (tx) => {
      const used = await useInitialToken(hashSecret(initial?.jti ?? ""), tx);
      if (used === null) throw new errors.InvalidToken("the initial access token is used up");
      await insertClient(row, tx);
      const after = { ...shownOf(row), token: used.id };
      await recordEvent(event("client.registered", id, after), request, tx);
    });
    return;
  }
  // A secret that has not changed is known by the hashes that it is read with.
  const { clientSecret } = client ?? {};
  const keepsSecrets = clientSecret !== undefined && metadata.client_secret === clientSecret;
  const change = { ...row, keepsSecrets };
  const hash = hashSecret(own.jti);
  if (await inTransaction((tx) => changeItself(change, hash, request, tx))) return;
  throw new errors.InvalidRequest("this client is described by an administrator", 403);
}

/**
 * A client's word about itself counts for what a stranger may be, and for no more. False,
 * and nothing changes, while an administrator lets it act without asking anybody: what such a
 * client is takes every permission (ATK-27). Where somebody else may stand behind it now,
 * what its users allowed ends with the change, and they are asked anew.
 */
async function changeItself(
  change: Parameters<typeof updateDynamicClient>[0],
  tokenHash: Parameters<typeof updateDynamicClient>[1],
  request: RequestFacts,
  tx: Db,
): Promise<boolean> {
  const { id } = change;
  await lockClient(id, tx);
  const before = await findShownClient(id, tx);
  if (before === null) throw usedBefore();
  if (isTrusted(before)) return false;
  if (!(await updateDynamicClient(change, tokenHash, tx))) throw usedBefore();
  if (isLedElsewhere(before, change) || isProvenOtherwise(before, change)) {
    await deleteHoldings(id, tx);
  }
  const after = shownOf({ ...change, scopes: before.scopes });
  await recordEvent(event("client.changed_itself", id, after), request, tx);
  return true;
}

const shownOf = (client: ClientRow) => {
  const { name, kind, authMethod, redirectUris, requirePushedRequests, scopes } = client;
  return { name, kind, authMethod, redirectUris, requirePushedRequests, scopes };
};

const usedBefore = () => new errors.InvalidToken("the registration access token was used before");

/** A client takes itself away, and with it all that was issued to it. */
export async function removeDynamicClient(id: string): Promise<void> {
  const { own, request } = current();
  await inTransaction(async (tx) => {
    if (!(await deleteDynamicClient(id, hashSecret(own?.jti ?? ""), tx))) throw usedBefore();
    await recordEvent(event("client.removed_itself", id), request, tx);
  });
}

const policies = [STRANGER_POLICY];

/** Tokens that an administrator has made, as the engine finds them. They are used up with what they make. */
export const initialTokens = {
  async find(value: string): Promise<AdapterPayload | undefined> {
    const found = await findUsableInitialToken(hashSecret(value));
    if (found === null) return undefined;
    const exp = Math.floor(found.expiresAt.getTime() / 1000);
    return { kind: "InitialAccessToken", jti: value, exp, policies };
  },
};

/** The one token by which a client changes its own record: a column of that, and gone with it. */
export const registrationTokens = {
  async find(value: string): Promise<AdapterPayload | undefined> {
    const clientId = await findClientOfRegistrationToken(hashSecret(value));
    if (clientId === null) return undefined;
    return { kind: "RegistrationAccessToken", jti: value, clientId, policies };
  },
  async upsert(value: string, { clientId }: AdapterPayload): Promise<void> {
    if (!(await setRegistrationToken(clientId ?? "", hashSecret(value)))) throw usedBefore();
  },
  destroy: (value: string) => clearRegistrationToken(hashSecret(value)),
};
