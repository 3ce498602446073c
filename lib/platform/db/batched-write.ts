import "server-only";
import DataLoader from "dataloader";
import { Departures, TOGETHER_MAX } from "@/lib/platform/db/departures";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

interface Write<Row> {
  /** Of the prepared statement. */
  name: string;
  /** Writes rows that come as one array for each column, `$1` and on. */
  text: string;
  /** What a row has in each of them. */
  columns: ((row: Row) => unknown)[];
}

/**
 * Writes the rows of one moment by one statement, which under load is one commit for many requests.
 * Returns when the row is on disk; a statement that fails fails for all in it, and nothing is sent again. It is for
 * rows that nobody can make fail and that wait for no other row: of our own making, new, and without a
 * reference to anything that is deleted meanwhile.
 */
export function batchedWrite<Row>({ name, text, columns }: Write<Row>) {
  const departures = new Departures();
  const write = async (rows: readonly Row[]): Promise<null[]> => {
    const values = columns.map((column) => rows.map(column));
    await departures.during(pool().query({ name, text, values }));
    return rows.map(() => null);
  };
  const loader = () =>
    processSingleton(
      `batched ${name}`,
      () =>
        new DataLoader<Row, null>(write, {
          cache: false,
          maxBatchSize: TOGETHER_MAX,
          batchScheduleFn: departures.schedule,
        }),
    );
  return async (row: Row): Promise<void> => {
    await loader().load(row);
  };
}
