import "server-only";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { KEY_ID_PLACE, nameOfKey, SealBroken, seal, unseal } from "@/lib/platform/encryption";

/** A column of sealed values. Its names are of our code, never of a request. */
export interface SealedColumn {
  table: string;
  column: string;
  /** The column that names the row, and from which {@link SealedColumn.placeOf} makes its place. */
  key: string;
  placeOf(key: string): string;
}

/** Few enough that a pass over them is short, and enough that passes are few. */
const BATCH_ROWS = 200;

const KEY_ID = ({ column }: SealedColumn): string =>
  `encode(substring(${column} FROM ${KEY_ID_PLACE.from} FOR ${KEY_ID_PLACE.bytes}), 'hex')`;

/** What retires keeps an empty value. */
const FILLED = ({ column }: SealedColumn): string => `octet_length(${column}) > 0`;

const firstKey = (): string => nameOfKey(getConfig().dataEncryptionKeys[0] ?? "");

/** How many values of a column each key has sealed, by the key's name. */
export async function countSealed(column: SealedColumn): Promise<Map<string, number>> {
  const { rows } = await pool().query<{ keyId: string; count: number }>(
    `SELECT ${KEY_ID(column)} AS "keyId", count(*)::int AS count
       FROM ${column.table} WHERE ${FILLED(column)} GROUP BY 1`,
  );
  return new Map(rows.map(({ keyId, count }) => [keyId, count]));
}

export interface Reencryption {
  table: string;
  column: string;
  /** Sealed by the first key now. */
  done: number;
  /** Changed by somebody else meanwhile, who used the first key, or gone. */
  overtaken: number;
  /** No key that we have opens them: these stay as they are. */
  unreadable: number;
}

/**
 * Seals with the first key of DATA_ENCRYPTION_KEYS what another one has sealed,
 * a batch for each step. Every value is replaced by one conditional statement and
 * what is left to do is what the rows say, so that it can be ended at any moment,
 * run again, and run by many at once; nothing is unreadable at any time (FLT-23).
 */
export async function* reencrypt(column: SealedColumn): AsyncGenerator<Reencryption> {
  const { table, key } = column;
  let last: string | null = null;
  for (;;) {
    const { rows }: { rows: { key: string; sealed: Uint8Array }[] } = await pool().query(
      `SELECT ${key}::text AS key, ${column.column} AS sealed FROM ${table}
        WHERE ${FILLED(column)} AND ${KEY_ID(column)} <> $1
          AND ($2::text IS NULL OR ${key}::text > $2)
        ORDER BY ${key}::text LIMIT ${BATCH_ROWS}`,
      [firstKey(), last],
    );
    if (rows.length === 0) return;
    const progress = { table, column: column.column, done: 0, overtaken: 0, unreadable: 0 };
    for (const row of rows) progress[await reencryptValue(column, row)] += 1;
    last = rows.at(-1)?.key ?? null;
    yield progress;
  }
}

async function reencryptValue(
  column: SealedColumn,
  { key, sealed }: { key: string; sealed: Uint8Array },
): Promise<"done" | "overtaken" | "unreadable"> {
  const place = column.placeOf(key);
  let plain: Buffer;
  try {
    plain = unseal(sealed, place);
  } catch (error) {
    if (error instanceof SealBroken) return "unreadable";
    throw error;
  }
  const { rowCount } = await pool().query(
    `UPDATE ${column.table} SET ${column.column} = $3
      WHERE ${column.key}::text = $1 AND ${column.column} = $2`,
    [key, Buffer.from(sealed), Buffer.from(seal(plain, place))],
  );
  return rowCount === 1 ? "done" : "overtaken";
}
