import "server-only";
import "#node-only";
import type pg from "pg";
import { getConfig } from "@/lib/platform/config";
import { openPool } from "@/lib/platform/db/open-pool";
import { processSingleton } from "@/lib/platform/process-singleton";

/** A replica that is away costs a list so much; then the primary is asked. */
export const REPLICA_CONNECT_TIMEOUT_MS = 1_000;

/** The connections to the read replica; null where there is none. */
export const replicaPool = (): pg.Pool | null =>
  processSingleton("replica pool", () => {
    const { replica } = getConfig().database;
    return replica === null ? null : openPool(replica, REPLICA_CONNECT_TIMEOUT_MS);
  });
