import "server-only";
import { pool } from "@/lib/platform/db/pool";
import { replicaPool } from "@/lib/platform/db/replica-pool";

/** Takes leave of every database, for good. */
export async function endConnections(): Promise<void> {
  await Promise.all([pool().end(), replicaPool()?.end()]);
}
