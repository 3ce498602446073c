import "server-only";
import { createClient, type ReplicaDb } from "@/lib/platform/db/client";
import { REPLICA_CONNECT_TIMEOUT_MS, replicaPool } from "@/lib/platform/db/replica-pool";
import { log } from "@/lib/platform/log";
import { countReplicaRead } from "@/lib/platform/metrics/metrics";
import { pacedBy } from "@/lib/platform/paced-by";
import { processSingleton } from "@/lib/platform/process-singleton";

/** Longer than a single statement may take. */
const TIMEOUT_MS = 15_000;
const COMPLAINT_INTERVAL_MS = 60_000;

const replica = () =>
  processSingleton("replica", () => {
    const connections = replicaPool();
    return connections === null ? null : createClient(connections);
  });

export const hasReplica = (): boolean => replica() !== null;

/**
 * Reads from the replica, in a transaction that changes nothing, or, with undefined for a
 * transaction, from the primary: where there is no replica, where it does not have yet what
 * `isRecent` looks for, and where it fails. So `read` may run twice, and decides nothing.
 */
export async function readReplica<T>(
  read: (db: ReplicaDb | undefined) => Promise<T>,
  isRecent: (db: ReplicaDb) => Promise<boolean>,
): Promise<T> {
  const client = replica();
  if (client === null) return read(undefined);
  try {
    const found = await client.$transaction(
      async (tx) => {
        await tx.$executeRaw`SET TRANSACTION READ ONLY`;
        const db = tx as ReplicaDb;
        return (await isRecent(db)) ? { value: await read(db) } : null;
      },
      { maxWait: REPLICA_CONNECT_TIMEOUT_MS, timeout: TIMEOUT_MS },
    );
    countReplicaRead(found === null ? "behind" : "replica");
    if (found !== null) return found.value;
  } catch (error) {
    countReplicaRead("failed");
    complain(error);
  }
  return read(undefined);
}

/** Once a minute: each list of everybody would say the same. */
function complain(error: unknown): void {
  const mayComplain = processSingleton("replica complaint", () => pacedBy(COMPLAINT_INTERVAL_MS));
  if (!mayComplain()) return;
  log.error("the read replica failed, and the primary was asked", { error });
}
