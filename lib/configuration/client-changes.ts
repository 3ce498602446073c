import "server-only";
import type { ClaimEntry, ClientEntry } from "@/lib/configuration/configuration.schema";
import { claimName } from "@/lib/configuration/named-lists";
import type { Difference } from "@/lib/configuration/plan";
import type { Work } from "@/lib/configuration/work";
import { type ClientKeys, checkClientKeys, UnusableClientKeys } from "@/lib/oidc/client-keys";
import {
  type ClaimWriteRejection,
  putClaimAsOperator,
  removeClaimAsOperator,
} from "@/lib/oidc/operate-claims";
import {
  type ClientWriteRejection,
  changeClientAsOperator,
  createClientAsOperator,
  needsSecret,
  removeClientAsOperator,
} from "@/lib/oidc/operate-clients";
import { readReferredSecret } from "@/lib/platform/config";
import {
  type ServiceWriteRejection,
  setServiceRolesAsOperator,
} from "@/lib/service-accounts/operate-services";

export type ClientRejection =
  | ClientWriteRejection
  | ServiceWriteRejection
  /** `variable` is where the secret of a new client is looked for; null where the file does not say. */
  | { outcome: "rejected"; reason: "secret-needed"; variable: string | null };

/** As many characters as a secret of ours has bits to spare for: it is hashed once, and must be past guessing. */
const SECRET_LENGTH_MIN = 32;

const keysOf = ({ publicKeys }: ClientEntry): ClientKeys | null => publicKeys;

/** Client keys as they are stored, so that a file may leave out what follows from them. */
export async function settledKeys(client: ClientEntry): Promise<ClientEntry> {
  const keys = keysOf(client);
  if (keys === null) return client;
  try {
    return { ...client, publicKeys: (await checkClientKeys(keys)) as ClientEntry["publicKeys"] };
  } catch (error) {
    // It is refused where it would be written, with the same words.
    if (error instanceof UnusableClientKeys) return client;
    throw error;
  }
}

/** Creates or changes the client that a difference is about, with where it acts as a service account. */
export async function putClient(
  { name: id, before, after }: Difference,
  work: Work,
): Promise<ClientRejection | null> {
  const { operator, present, tx } = work;
  const entry = after as ClientEntry;
  const { kind, enabled, service, id: _, publicKeys: _keys, secret, ...settings } = entry;
  const wanted = { id, kind, settings, enabled, keys: keysOf(entry) };
  if (before === null) {
    const chosen = chosenSecret(entry, secret?.fromEnvironment ?? null);
    if (chosen.outcome === "rejected") return chosen;
    const rejection = await createClientAsOperator(operator, wanted, chosen.secret, tx);
    if (rejection !== null) return rejection;
  } else {
    const rejection = await changeClientAsOperator(operator, wanted, tx);
    if (rejection !== null) return rejection;
  }
  const acts = present.services.find(({ clientId }) => clientId === id);
  if (service === null) {
    return acts === undefined ? null : { outcome: "rejected", reason: "acts-elsewhere" };
  }
  const organizationId = present.names.organizationId(service.organization);
  const roleIds = service.roles.map((ref) => present.names.roleId(ref, organizationId));
  const isSame =
    acts?.organizationId === organizationId &&
    acts.roleIds.length === roleIds.length &&
    roleIds.every((roleId) => acts.roleIds.includes(roleId));
  if (isSame) return null;
  const place = { clientId: id, organizationId };
  return setServiceRolesAsOperator(operator, acts, place, roleIds, tx);
}

/** The secret of a new client, from where its file says; null for a client that has none. */
function chosenSecret(
  entry: ClientEntry,
  variable: string | null,
):
  | { outcome: "chosen"; secret: string | null }
  | Extract<ClientRejection, { reason: "secret-needed" }> {
  if (!needsSecret({ kind: entry.kind, keys: keysOf(entry) })) {
    return { outcome: "chosen", secret: null };
  }
  const secret = variable === null ? null : readReferredSecret(variable);
  return secret === null || secret.length < SECRET_LENGTH_MIN
    ? { outcome: "rejected", reason: "secret-needed", variable }
    : { outcome: "chosen", secret };
}

/** Deletes a client with everything that it holds. */
export async function dropClient({ name: id }: Difference, work: Work): Promise<void> {
  const { operator, present, tx } = work;
  const row = present.clients.find((client) => client.id === id);
  if (row !== undefined) await removeClientAsOperator(operator, row, tx);
}

/** Adds, replaces or takes away the claim that a difference is about. */
export async function makeClaimChange(
  { name, after }: Difference,
  { operator, present, tx }: Work,
): Promise<ClaimWriteRejection | null> {
  const row = present.claims.find((claim) => claimName(claim) === name);
  if (after !== null) return putClaimAsOperator(operator, row, after as ClaimEntry, tx);
  if (row !== undefined) await removeClaimAsOperator(operator, row, tx);
  return null;
}
