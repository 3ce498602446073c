import "server-only";
import { type Authority, recordBy } from "@/lib/authz/authority";
import { reachesEverybody } from "@/lib/authz/within-own";
import type { ClientSettings } from "@/lib/oidc/client.schema";
import { isLedElsewhere, isNarrowed } from "@/lib/oidc/client-changes";
import {
  countHoldings,
  deleteClientRow,
  deleteHoldings,
  type ShownClient,
  updateClient,
} from "@/lib/oidc/client-directory-store";
import { type ClientRow, insertClient } from "@/lib/oidc/client-store";
import type { StoredKeys } from "@/lib/oidc/validate-client";
import type { Db } from "@/lib/platform/db/client";

// What is written and recorded of a client, whoever has judged that its author may.

/** A client as the audit log names it. */
export const asClient = (id: string) => ({ type: "client", id });

export const settingsOf = ({
  name,
  redirectUris,
  postLogoutRedirectUris,
  backchannelLogoutUri,
  scopes,
  firstParty,
  idTokenAlgorithm,
  requirePushedRequests,
}: ShownClient) => ({
  name,
  redirectUris,
  postLogoutRedirectUris,
  backchannelLogoutUri,
  scopes,
  firstParty,
  idTokenAlgorithm,
  requirePushedRequests,
});

/** As the engine would read it: it wants to see that there is a secret, and not which. */
export const asRow = ({ jwks, metadata, secrets, ...client }: ShownClient): ClientRow => ({
  ...client,
  metadata: metadata as ClientRow["metadata"],
  jwks: jwks as ClientRow["jwks"],
  secretHashes: secrets.map(() => new Uint8Array(32)),
});

/** Writes a new client with the hashes of its secrets, of which nothing is recorded. */
export async function writeNewClient(
  authority: Authority,
  client: ClientRow,
  tx: Db,
): Promise<void> {
  await insertClient(client, tx);
  const {
    id,
    source: _,
    secretHashes: _hashes,
    metadata: _metadata,
    jwks: _keys,
    ...rest
  } = client;
  const { jwksUri: _uri, ...after } = rest;
  await recordBy(authority, { action: "client.created", target: asClient(id), after }, tx);
}

/**
 * Writes other settings, from the client's next request on. What was given under wider terms ends; and
 * what users allowed the app at other addresses, unless its author could act as any of them anyway.
 */
export async function writeClientSettings(
  authority: Authority,
  before: ShownClient,
  after: ClientSettings | ReturnType<typeof settingsOf>,
  keys: StoredKeys | null,
  tx: Db,
): Promise<void> {
  await updateClient(before.id, { ...after, ...keys }, tx);
  const astray = isLedElsewhere(before, after) && !(await reachesEverybody(authority, tx));
  if (astray || isNarrowed(before, after)) await deleteHoldings(before.id, tx);
  const event = {
    action: "client.updated",
    target: asClient(before.id),
    before: settingsOf(before),
    after: { ...after, ...(keys && { keysReplaced: true }) },
  };
  await recordBy(authority, event, tx);
}

/** Disabled, a client is unknown at once; what it holds ends, and enabling gives nothing of it back. */
export async function writeClientStatus(
  authority: Authority,
  { id }: ShownClient,
  status: "active" | "disabled",
  tx: Db,
): Promise<void> {
  const disabled = status === "disabled";
  const held = disabled ? { before: await countHoldings(id, tx) } : {};
  await updateClient(id, { disabledAt: disabled ? new Date() : null }, tx);
  const action = disabled ? "client.disabled" : "client.enabled";
  await recordBy(authority, { action, target: asClient(id), ...held }, tx);
}

/** Deletes a client with its secrets and everything that it holds. */
export async function writeClientDeletion(
  authority: Authority,
  client: ShownClient,
  tx: Db,
): Promise<void> {
  const { id, kind } = client;
  const held = await countHoldings(id, tx);
  await deleteClientRow(id, tx);
  const before = { ...settingsOf(client), kind, ...held };
  await recordBy(authority, { action: "client.deleted", target: asClient(id), before }, tx);
}
