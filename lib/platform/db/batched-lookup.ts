import "server-only";
import DataLoader from "dataloader";
import { Departures, TOGETHER_MAX } from "@/lib/platform/db/departures";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

interface Lookup<Key> {
  /** Of the prepared statement. */
  name: string;
  /** Takes the keys as one array, `$1`, each of them once, and returns each row with its key as `key`. */
  text: string;
  /** Further parameters, the same for all. */
  values?: unknown[];
  /** What tells keys apart; two with the same text are the same key. */
  textOf: (key: Key) => string;
}

/**
 * A lookup of one row by its key that asks for all keys of one moment at once: under load many
 * requests share a round trip. Nothing is kept: the query is sent after the key
 * was asked for, so that an answer is never older than its question. Nor is anything shared: who
 * asks for the same key gets a row of their own, with bytes as a plain `Uint8Array`.
 */
export function batchedLookup<Key, Row>(lookup: Lookup<Key>): (key: Key) => Promise<Row | null> {
  const { name, text: statement, values = [], textOf } = lookup;
  const departures = new Departures();
  const load = async (keys: readonly Key[]): Promise<(Row | null)[]> => {
    const distinct = [...new Map(keys.map((key) => [textOf(key), key])).values()];
    const { rows } = await departures.during(
      pool().query<Row & { key: Key }>({ name, text: statement, values: [distinct, ...values] }),
    );
    const found = new Map(rows.map(({ key, ...row }) => [textOf(key), row as Row]));
    const taken = new Set<string>();
    return keys.map((key) => {
      const text = textOf(key);
      const row = found.get(text) ?? null;
      // What one of two makes of its row is nothing that the other was told.
      if (taken.has(text)) return structuredClone(row);
      taken.add(text);
      return row;
    });
  };
  const loader = () =>
    processSingleton(
      `batched ${name}`,
      () =>
        new DataLoader<Key, Row | null>(load, {
          cache: false,
          maxBatchSize: TOGETHER_MAX,
          batchScheduleFn: departures.schedule,
        }),
    );
  return (key) => loader().load(key);
}
