import "server-only";
import DataLoader from "dataloader";
import { Departures } from "@/lib/platform/db/departures";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

interface Write<Row> {
  /** Of the prepared statement. */
  name: string;
  /** Writes rows that come as one array for each column, `$1` and on. */
  text: string;
  /** What a row has in each of them. */
  columns: ((row: Row) => unknown)[];
  /** In this order rows are written, so that two statements never wait for each other. */
  orderOf: (row: Row) => string;
}

/**
 * Writes the rows of one moment by one statement, which under load is one commit for many
 * requests. Returns when the row is written. Where the statement fails each row is written by
 * itself, one after the other: what is wrong with one is told to whoever brought it, and to nobody else.
 */
export function batchedWrite<Row>({ name, text, columns, orderOf }: Write<Row>) {
  const departures = new Departures();
  const write = (rows: readonly Row[]) =>
    pool().query({ name, text, values: columns.map((column) => rows.map(column)) });
  const load = async (rows: readonly Row[]): Promise<(Error | null)[]> => {
    const ordered = rows.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
    try {
      await departures.during(write(ordered));
      return rows.map(() => null);
    } catch (error) {
      if (rows.length === 1) return [error as Error];
    }
    const outcomes: (Error | null)[] = [];
    for (const row of rows) {
      outcomes.push(
        await write([row]).then(
          () => null,
          (error: Error) => error,
        ),
      );
    }
    return outcomes;
  };
  const loader = () =>
    processSingleton(
      `batched ${name}`,
      () => new DataLoader<Row, null>(load, { cache: false, batchScheduleFn: departures.schedule }),
    );
  return async (row: Row): Promise<void> => {
    await loader().load(row);
  };
}
