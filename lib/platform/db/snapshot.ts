import "server-only";
import type pg from "pg";
import { pool } from "@/lib/platform/db/pool";

/** Rows in the memory of this process at once. */
const BATCH_SIZE = 500;
/** How long whoever takes the rows may pause before the snapshot is given up. */
const PAUSE_MS_MAX = 30_000;
/** And how long all of it may take. */
const TOTAL_MS_MAX = 10 * 60_000;

export type Row = Record<string, unknown>;
export type ReadRows = (text: string, values: unknown[]) => AsyncIterable<Row>;

/**
 * Yields what `read` makes of one state of the database, whatever is changed meanwhile, with no more
 * than {@link BATCH_SIZE} rows in memory. It holds a connection until it is over: bound how many
 * run at once.
 */
export async function* inSnapshot<T>(
  read: (rows: ReadRows) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const client = await pool().connect();
  const until = Date.now() + TOTAL_MS_MAX;
  let isOver = false;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${PAUSE_MS_MAX}`);
    yield* read((text, values) => rowsOf(client, until, text, values));
    await client.query("COMMIT");
    isOver = true;
  } finally {
    // Given up half-way, it is in no state that anybody else should get.
    client.release(!isOver);
  }
}

async function* rowsOf(client: pg.PoolClient, until: number, text: string, values: unknown[]) {
  await client.query(`DECLARE snapshot_rows NO SCROLL CURSOR FOR ${text}`, values);
  for (;;) {
    if (Date.now() > until) throw new Error("a snapshot was read for too long");
    const { rows } = await client.query<Row>(`FETCH ${BATCH_SIZE} FROM snapshot_rows`);
    yield* rows;
    if (rows.length < BATCH_SIZE) break;
  }
  await client.query("CLOSE snapshot_rows");
}
