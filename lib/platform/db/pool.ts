import "server-only";
import "#node-only";
import type pg from "pg";
import { getConfig } from "@/lib/platform/config";
import { MeasuredPool } from "@/lib/platform/db/measured-pool";
import { preparingClient } from "@/lib/platform/db/preparing-client";
import { log } from "@/lib/platform/log";
import { processSingleton } from "@/lib/platform/process-singleton";

/** A statement that runs longer is broken or attacked; a caller gets 503 instead of a hang. */
const STATEMENT_TIMEOUT_MS = 8_000;
/** A database that has gone silent cannot end a statement: then we do (FLT-10, INV-7). */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** The one pool of this process, shared by Prisma and by named prepared statements (D5). */
export const pool = (): pg.Pool =>
  processSingleton("pool", () => {
    const { url, poolSize } = getConfig().database;
    const created = new MeasuredPool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: SILENCE_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      application_name: "gatehouse",
      Client: preparingClient(),
    });
    // An idle connection that breaks must not end the process; the next query reconnects.
    created.on("error", (error) => log.warn("an idle database connection was lost", { error }));
    // Nor one that somebody has in hand between two statements: the next of them says so.
    created.on("connect", (client) => client.on("error", () => {}));
    return created;
  });
