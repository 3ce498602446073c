import "server-only";
import "#node-only";
import type pg from "pg";
import { getConfig } from "@/lib/platform/config";
import type { DatabaseAddress } from "@/lib/platform/database-address";
import { MeasuredPool } from "@/lib/platform/db/measured-pool";
import { preparingClient } from "@/lib/platform/db/preparing-client";
import { log } from "@/lib/platform/log";

/** A statement that runs longer is broken or attacked; a caller gets 503 instead of a hang. */
const STATEMENT_TIMEOUT_MS = 8_000;
/** A database that has gone silent cannot end a statement: then we do (FLT-10, INV-7). */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Settings of a session, asked for as it begins. A pooler in transaction mode refuses them, as its
 * connections are nobody's: there the role has them (docs/deploy.md).
 */
const SESSION_SETTINGS = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
};

/** A pool as every one of this process is. */
export function openPool(
  { url, pooled }: DatabaseAddress,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
): pg.Pool {
  const created = new MeasuredPool({
    connectionString: url,
    max: getConfig().database.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: SILENCE_TIMEOUT_MS,
    application_name: "gatehouse",
    Client: preparingClient({ pooled }),
    ...(pooled ? {} : SESSION_SETTINGS),
  });
  // An idle connection that breaks must not end the process; the next query reconnects.
  created.on("error", (error) => log.warn("an idle database connection was lost", { error }));
  // Nor one that somebody has in hand between two statements: the next of them says so.
  created.on("connect", (client) => client.on("error", () => {}));
  return created;
}
