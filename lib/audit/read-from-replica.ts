import "server-only";
import { countKnownEvents, listNewestEventIds } from "@/lib/audit/audit-store";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import type { ReplicaDb } from "@/lib/platform/db/client";
import { hasReplica, readReplica } from "@/lib/platform/db/read-replica";
import type { Caller } from "@/lib/shared/caller";

/**
 * Reads a list for somebody of whom it has been decided that they may, from the read replica if
 * there is one. Their own changes are never missing in it: each has left an event in its
 * transaction (INV-4), and what has not come to the replica with the newest of theirs is read from the primary.
 */
export async function readFromReplica<T>(
  caller: Caller,
  read: (db: ReplicaDb | undefined) => Promise<T>,
): Promise<T> {
  if (!hasReplica()) return read(undefined);
  const own = await listNewestEventIds(actorOfPrincipal(caller.principal).id);
  return readReplica(read, async (db) => (await countKnownEvents(own, db)) === own.length);
}
