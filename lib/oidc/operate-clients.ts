import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { Operator } from "@/lib/authz/authority";
import type { ClientSettings } from "@/lib/oidc/client.schema";
import {
  findShownClient,
  listRegisteredClients,
  lockClient,
  type ShownClient,
} from "@/lib/oidc/client-directory-store";
import type { ClientKeys } from "@/lib/oidc/client-keys";
import { authMethodOf, NO_KEYS } from "@/lib/oidc/create-client";
import { type InvalidClient, judgeClient, usableKeys } from "@/lib/oidc/validate-client";
import {
  asRow,
  settingsOf,
  writeClientDeletion,
  writeClientSettings,
  writeClientStatus,
  writeNewClient,
} from "@/lib/oidc/write-client";
import { hashSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";
import type { ClientKind } from "@/lib/shared/client-kind";

export type OperatedClient = { outcome: "done"; name: string } | { outcome: "not-found" };

/**
 * Disables or enables a client for whoever owns the machine. Disabled, it is
 * unknown at once, and what it holds ends; enabling gives nothing of it back.
 */
export const switchClientAsOperator = (
  id: string,
  status: "active" | "disabled",
  request: RequestFacts,
): Promise<OperatedClient> =>
  operating(id, async (client, tx) => {
    if ((status === "disabled") === (client.disabledAt !== null)) return;
    await writeClientStatus({ kind: "operator", request }, client, status, tx);
  });

/** Deletes a client with its secrets and everything that it holds, for whoever owns the machine. */
export const deleteClientAsOperator = (
  id: string,
  request: RequestFacts,
): Promise<OperatedClient> =>
  operating(id, (client, tx) => writeClientDeletion({ kind: "operator", request }, client, tx));

const operating = (
  id: string,
  work: (client: ShownClient, tx: Db) => Promise<void>,
): Promise<OperatedClient> =>
  inTransaction(async (tx) => {
    await lockClient(id, tx);
    const client = await findShownClient(id, tx);
    if (client === null) return { outcome: "not-found" };
    await work(client, tx);
    return { outcome: "done", name: client.name };
  });

/** Clients that somebody has entered and that know their users as everybody does, by id. */
export const listClientsAsOperator = (tx: Db): Promise<ShownClient[]> => listRegisteredClients(tx);

export interface WantedClient {
  id: string;
  kind: ClientKind;
  settings: ClientSettings;
  enabled: boolean;
  /** By which it signs instead of sending a secret; null for one that does not. */
  keys: ClientKeys | null;
}

export type ClientWriteRejection =
  | InvalidClient
  /** Another kind is another client, and so is another way of proving itself. */
  | { outcome: "rejected"; reason: "kind-stays" | "proof-stays" }
  /** A client that came to be known in another way has this id. */
  | { outcome: "rejected"; reason: "id-taken" };

/** Whether a new client of this kind, with or without keys, is known by a secret. */
export const needsSecret = ({ kind, keys }: Pick<WantedClient, "kind" | "keys">): boolean =>
  authMethodOf(kind, keys ?? undefined) === "client_secret_basic";

/** Registers a client with an id and, where it has one, a secret that somebody has chosen. */
export async function createClientAsOperator(
  operator: Operator,
  { id, kind, settings, enabled, keys }: WantedClient,
  secret: string | null,
  tx: Db,
): Promise<ClientWriteRejection | null> {
  if ((await findShownClient(id, tx)) !== null) return { outcome: "rejected", reason: "id-taken" };
  const authMethod = authMethodOf(kind, keys ?? undefined);
  const usable = keys === null ? NO_KEYS : await usableKeys(authMethod, keys);
  if ("outcome" in usable) return usable;
  const client = {
    id,
    kind,
    ...settings,
    authMethod,
    source: "registered" as const,
    secretHashes: secret === null ? [] : [hashSecret(secret)],
    pairwiseSector: null,
    pairwiseSectorUri: null,
    metadata: null,
    ...usable,
  };
  const invalid = await judgeClient(client);
  if (invalid !== null) return invalid;
  await writeNewClient(operator, client, tx);
  if (enabled) return null;
  const shown = await findShownClient(id, tx);
  if (shown !== null) await writeClientStatus(operator, shown, "disabled", tx);
  return null;
}

/** Makes a client be exactly this. Its secrets stay as they are. */
export async function changeClientAsOperator(
  operator: Operator,
  { id, kind, settings, enabled, keys }: WantedClient,
  tx: Db,
): Promise<ClientWriteRejection | null> {
  await lockClient(id, tx);
  const before = await findShownClient(id, tx);
  if (before === null) throw new Error("a client was gone before it was changed");
  if (kind !== before.kind) return { outcome: "rejected", reason: "kind-stays" };
  if (authMethodOf(kind, keys ?? undefined) !== before.authMethod) {
    return { outcome: "rejected", reason: "proof-stays" };
  }
  const usable = keys === null ? null : await usableKeys(before.authMethod, keys);
  if (usable !== null && "outcome" in usable) return usable;
  const stored = { jwks: before.jwks, jwksUri: before.jwksUri };
  const replaced = usable !== null && !isDeepStrictEqual(usable, stored) ? usable : null;
  if (replaced !== null || !isDeepStrictEqual(settings, settingsOf(before))) {
    const invalid = await judgeClient(asRow({ ...before, ...settings, ...jsonOf(replaced) }));
    if (invalid !== null) return invalid;
    await writeClientSettings(operator, before, settings, replaced, tx);
  }
  if (enabled === (before.disabledAt === null)) return null;
  await writeClientStatus(operator, before, enabled ? "active" : "disabled", tx);
  return null;
}

const jsonOf = (keys: { jwks: unknown; jwksUri: string | null } | null) =>
  keys as Partial<Pick<ShownClient, "jwks" | "jwksUri">> | null;

/** Deletes a client with its secrets and everything that it holds. */
export const removeClientAsOperator = (
  operator: Operator,
  client: ShownClient,
  tx: Db,
): Promise<void> => writeClientDeletion(operator, client, tx);
