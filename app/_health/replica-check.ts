import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { pool } from "@/lib/platform/db/pool";
import { replicaPool } from "@/lib/platform/db/replica-pool";

/** Whoever looks at a list takes it for what is. */
const LAG_MAX_SECONDS = 30;
/** A replica that is well has what the primary had a moment ago. */
const CATCH_UP_ATTEMPTS = 5;
const CATCH_UP_POLL_MS = 200;

const NO_REPLICA =
  "DATABASE_REPLICA_URL names no replica: lists would show what was copied once, or nothing is spared. Name one that follows the primary, or remove it.";
const FOREIGN =
  "DATABASE_REPLICA_URL names a replica of another server than that of DATABASE_URL: lists would be somebody else's. Correct it.";

/** Whether what lists are read from is a replica of this database, and how far it is behind. */
export async function checkReplica(lagMaxSeconds = LAG_MAX_SECONDS): Promise<string | null> {
  const replica = replicaPool();
  if (replica === null) return null;
  const kind = await firstOf<{ replica: boolean }>(
    replica,
    "SELECT pg_is_in_recovery() AS replica",
  );
  if (kind?.replica !== true) return NO_REPLICA;
  const [theirs, ours] = await Promise.all([systemOf(replica), systemOf(pool())]);
  if (theirs !== ours) return FOREIGN;
  const lag = await lagOf(replica);
  return lag <= lagMaxSeconds
    ? null
    : `The read replica is ${Math.round(lag)} seconds behind: whoever has changed nothing since sees lists as they were then. Look at its load, and at the connection between the two.`;
}

const firstOf = async <Row extends pg.QueryResultRow>(
  connections: pg.Pool,
  text: string,
  values: unknown[] = [],
): Promise<Row | undefined> => (await connections.query<Row>(text, values)).rows[0];

const systemOf = async (connections: pg.Pool): Promise<string | undefined> =>
  (
    await firstOf<{ system: string }>(
      connections,
      "SELECT system_identifier::text || ' ' || current_database() AS system FROM pg_control_system()",
    )
  )?.system;

/** In seconds. Where nothing was changed for a while, the last change is old and nothing is behind. */
async function lagOf(replica: pg.Pool): Promise<number> {
  const primary = await firstOf<{ position: string }>(
    pool(),
    "SELECT pg_current_wal_lsn()::text AS position",
  );
  for (let attempt = 1; ; attempt += 1) {
    const standing = await firstOf<{ arrived: boolean; lag: number }>(
      replica,
      `SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS arrived,
              extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 AS lag`,
      [primary?.position],
    );
    if (standing?.arrived === true) return 0;
    if (attempt === CATCH_UP_ATTEMPTS) return standing?.lag ?? 0;
    await sleep(CATCH_UP_POLL_MS);
  }
}
