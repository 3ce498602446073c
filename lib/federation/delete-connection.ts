import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import {
  asConnection,
  type ConnectionRefusal,
  findLockout,
} from "@/lib/federation/manage-connections";
import { deleteConnectionRow, findConnectionRow } from "@/lib/federation/managed-connection-store";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { deleteUpstreamOf } from "@/lib/federation/upstream-session-store";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";

export type ConnectionDeletion = { outcome: "deleted"; name: string } | ConnectionRefusal;

/**
 * Deletes a connection with every identity at it: one that is set up later under
 * the same id may be another provider, to which the same subject is somebody else. What
 * the provider said when they signed in is forgotten, too: it is nothing to tell another.
 */
export async function deleteConnection(
  caller: Caller,
  id: string,
  { confirmed }: { confirmed: boolean },
): Promise<ConnectionDeletion> {
  await authorize(caller, CONNECTION_PERMISSIONS.manage);
  return inTransaction(async (tx): Promise<ConnectionDeletion> => {
    const row = await findConnectionRow(id, caller.principal.organizationId, tx);
    if (row === null) return { outcome: "not-found" };
    const { slug, name, issuer, clientId } = row;
    const lockout = await findLockout(caller, slug, confirmed, tx);
    if (lockout !== null) return lockout;
    const deleted = await deleteConnectionRow(id, slug, tx);
    if (deleted === null) return { outcome: "not-found" };
    await deleteUpstreamOf(slug, tx);
    const before = { slug, name, issuer, clientId, identities: deleted.identities };
    const change = { action: "connection.deleted", target: asConnection(id), before };
    await recordChange(caller, change, tx);
    return { outcome: "deleted", name };
  });
}
