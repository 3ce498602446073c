import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { Operator } from "@/lib/authz/authority";
import type { DescribedConnection } from "@/lib/federation/connection.schema";
import {
  type ConnectionRow,
  findConnectionRow,
  isOnlyWayInto,
  listAllConnectionRows,
  lockConnection,
} from "@/lib/federation/managed-connection-store";
import { deletePendingOf } from "@/lib/federation/upstream-session-store";
import {
  listLockedOut,
  sealedSecret,
  shownOf,
  switchedTo,
  writeConnection,
  writeConnectionDeletion,
  writeNewConnection,
} from "@/lib/federation/write-connection";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

// Connections as whoever operates the machine changes them. Nobody is shut out by that.

export type OperatedConnection = ConnectionRow & { organizationId: string };

/** Every connection that was set up while the program runs, by slug; nothing of their secrets. */
export const listConnectionsAsOperator = (tx: Db): Promise<OperatedConnection[]> =>
  listAllConnectionRows(tx);

export type ConnectionWriteRejection =
  | { outcome: "rejected"; reason: "stale" }
  /** Another issuer, or another form of one, is another provider. */
  | { outcome: "rejected"; reason: "issuer-stays" }
  | { outcome: "rejected"; reason: "only-way-into-organization" }
  | { outcome: "rejected"; reason: "last-way-in"; users: number };

const STALE = { outcome: "rejected", reason: "stale" } as const;

/** Sets a connection up with a secret, and offers it where it should be. */
export async function createConnectionAsOperator(
  operator: Operator,
  organizationId: string,
  { enabled, ...wanted }: DescribedConnection,
  secret: string,
  tx: Db,
): Promise<ConnectionWriteRejection | null> {
  const id = newId();
  const row = { ...wanted, id, organizationId };
  await writeNewConnection(operator, row, sealedSecret(id, secret), tx);
  const before = enabled ? await findConnectionRow(id, organizationId, tx) : null;
  if (before === null) return null;
  const written = await writeConnection(operator, id, before.version, switchedTo(before, true), tx);
  return written ? null : STALE;
}

/** Makes a connection be exactly this. Its secret stays, and so its issuer, which alone is sent it. */
export async function changeConnectionAsOperator(
  operator: Operator,
  { id, organizationId }: OperatedConnection,
  { enabled, ...wanted }: DescribedConnection,
  tx: Db,
): Promise<ConnectionWriteRejection | null> {
  await lockConnection(id, organizationId, tx);
  const before = await findConnectionRow(id, organizationId, tx);
  if (before === null) return STALE;
  if (wanted.issuer !== before.issuer || wanted.preset !== before.preset) {
    return { outcome: "rejected", reason: "issuer-stays" };
  }
  if (before.enabled && !enabled) {
    const refusal = await refuseEnd({ ...before, organizationId }, tx);
    if (refusal !== null) return refusal;
  }
  let { version } = before;
  const { name, clientId, authMethod, scopes, domains } = wanted;
  if (!isDeepStrictEqual(shownOf(wanted), shownOf(before))) {
    const writing = {
      data: { name, clientId, authMethod, scopes, domains },
      action: "connection.updated",
      before: shownOf(before),
      after: shownOf(wanted),
    };
    if (!(await writeConnection(operator, id, version, writing, tx))) return STALE;
    version += 1;
  }
  if (enabled === before.enabled) return null;
  if (!enabled) await deletePendingOf(before.slug, tx);
  const written = await writeConnection(operator, id, version, switchedTo(before, enabled), tx);
  return written ? null : STALE;
}

/** Deletes a connection with every identity at it. */
export async function deleteConnectionAsOperator(
  operator: Operator,
  row: OperatedConnection,
  tx: Db,
): Promise<ConnectionWriteRejection | null> {
  await lockConnection(row.id, row.organizationId, tx);
  const refusal = await refuseEnd(row, tx);
  if (refusal !== null) return refusal;
  await writeConnectionDeletion(operator, row, tx);
  return null;
}

/** Who would be shut out: an organization that is opened only so, or people who have no other way in. */
async function refuseEnd(
  row: OperatedConnection,
  tx: Db,
): Promise<ConnectionWriteRejection | null> {
  if (row.enabled && (await isOnlyWayInto(row, tx))) {
    return { outcome: "rejected", reason: "only-way-into-organization" };
  }
  const users = (await listLockedOut(row.slug, tx)).length;
  return users === 0 ? null : { outcome: "rejected", reason: "last-way-in", users };
}
