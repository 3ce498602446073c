import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { inHeldChange } from "@/lib/authz/held-change";
import { type ConnectionRefusal, findLockout } from "@/lib/federation/manage-connections";
import { findConnectionRow, isOnlyWayInto } from "@/lib/federation/managed-connection-store";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { writeConnectionDeletion } from "@/lib/federation/write-connection";
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
  return inHeldChange(
    caller,
    CONNECTION_PERMISSIONS.manage,
    async (tx): Promise<ConnectionDeletion> => {
      const row = await findConnectionRow(id, caller.principal.organizationId, tx);
      if (row === null) return { outcome: "not-found" };
      const { slug, name } = row;
      const { organizationId } = caller.principal;
      if (row.enabled && (await isOnlyWayInto({ id, organizationId }, tx))) {
        return { outcome: "rejected", reason: "only-way-into-organization" };
      }
      const lockout = await findLockout(caller, slug, confirmed, tx);
      if (lockout !== null) return lockout;
      if (!(await writeConnectionDeletion(asCaller(caller), row, tx))) {
        return { outcome: "not-found" };
      }
      return { outcome: "deleted", name };
    },
  );
}
