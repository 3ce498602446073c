import "server-only";
import type { JsonValue } from "@/lib/audit/record-event";
import { type Authority, recordBy } from "@/lib/authz/authority";
import { secretPlaceOf } from "@/lib/federation/connections";
import {
  type ConnectionRow,
  deleteConnectionRow,
  insertConnection,
  listLastWayIn,
  updateConnection,
} from "@/lib/federation/managed-connection-store";
import { listSignInProviders } from "@/lib/federation/providers";
import { deleteUpstreamOf } from "@/lib/federation/upstream-session-store";
import type { Db } from "@/lib/platform/db/client";
import { seal } from "@/lib/platform/encryption";

// What is written and recorded of a connection, whoever has judged that its author may.

/** A connection as the audit log names it. */
export const asConnection = (id: string) => ({ type: "connection", id });

type Shown = Omit<ConnectionRow, "id" | "enabled" | "version">;

/** What the audit log may have: everything but the secret. */
export function shownOf(row: Shown) {
  const { slug, name, preset, issuer, clientId, authMethod, scopes, domains } = row;
  return { slug, name, preset, issuer, clientId, authMethod, scopes, domains };
}

/** A secret of a connection as it is stored. */
export const sealedSecret = (id: string, secret: string): Uint8Array<ArrayBuffer> =>
  seal(Buffer.from(secret), secretPlaceOf(id));

/** Writes a connection that is switched off. Throws a unique violation where its slug is taken. */
export async function writeNewConnection(
  authority: Authority,
  { id, organizationId, ...connection }: Shown & { id: string; organizationId: string },
  clientSecret: Uint8Array<ArrayBuffer>,
  tx: Db,
): Promise<void> {
  await insertConnection({ ...connection, id, organizationId, clientSecret }, tx);
  const after = shownOf(connection);
  await recordBy(authority, { action: "connection.created", target: asConnection(id), after }, tx);
}

export interface ConnectionWriting {
  data: Parameters<typeof updateConnection>[2];
  action: string;
  before?: JsonValue;
  after?: JsonValue;
}

/** Writes what has been decided; false when the connection is not of this version any more. */
export async function writeConnection(
  authority: Authority,
  id: string,
  expectedVersion: number,
  { data, action, ...states }: ConnectionWriting,
  tx: Db,
): Promise<boolean> {
  if (!(await updateConnection(id, expectedVersion, data, tx))) return false;
  await recordBy(authority, { action, target: asConnection(id), ...states }, tx);
  return true;
}

/** Switching a connection on or off, as it is written. */
export const switchedTo = (before: ConnectionRow, enabled: boolean): ConnectionWriting => ({
  data: { enabled },
  action: enabled ? "connection.enabled" : "connection.disabled",
  before: { enabled: before.enabled },
  after: { enabled },
});

/** Active users who could not get in any more without this provider. */
export async function listLockedOut(slug: string, tx?: Db): Promise<string[]> {
  const others = (await listSignInProviders(tx)).map((it) => it.id).filter((it) => it !== slug);
  return listLastWayIn(slug, others, tx);
}

/** Deletes a connection with every identity at it; false when it is gone already. */
export async function writeConnectionDeletion(
  authority: Authority,
  { id, slug, name, issuer, clientId }: ConnectionRow,
  tx: Db,
): Promise<boolean> {
  const deleted = await deleteConnectionRow(id, slug, tx);
  if (deleted === null) return false;
  await deleteUpstreamOf(slug, tx);
  const before = { slug, name, issuer, clientId, identities: deleted.identities };
  await recordBy(authority, { action: "connection.deleted", target: asConnection(id), before }, tx);
  return true;
}
