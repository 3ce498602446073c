import "server-only";
import type { Column } from "@/lib/personal-data/personal-table";
import { TABLES_OF_PEOPLE, type TableOfPeople } from "@/lib/personal-data/personal-tables";
import { inSnapshot, type ReadRows, type Row } from "@/lib/platform/db/snapshot";

/** Why a column is not in somebody's copy. */
export type Withheld = Extract<Column, "secret" | "internal" | "another">;

export interface ExportedTable {
  name: TableOfPeople;
  withheld: Record<string, Withheld>;
  rows: AsyncIterable<Row>;
}

/** What their rows are found by: the present address and numbers alone, for a former one may be another's by now. */
const KEYS = `SELECT u.email, array_remove(ARRAY[p.number, p.pending_number], NULL) AS numbers
                FROM users u LEFT JOIN credentials_phone p ON p.user_id = u.id WHERE u.id = $1::uuid`;

/** The account first, and then by name, each with the rows of this user alone; all of one moment. */
export const readTablesOf = (userId: string): AsyncGenerator<ExportedTable> =>
  inSnapshot(async function* (read) {
    const keys = { email: "", numbers: [] as string[] };
    for await (const row of read(KEYS, [userId])) Object.assign(keys, row);
    const others = (Object.keys(TABLES_OF_PEOPLE) as TableOfPeople[])
      .filter((name) => name !== "users")
      .sort();
    for (const name of ["users", ...others] as const) {
      yield readTable(name, [userId, [keys.email], keys.numbers], read);
    }
  });

function readTable(name: TableOfPeople, keys: unknown[], read: ReadRows): ExportedTable {
  const { rows, columns } = TABLES_OF_PEOPLE[name];
  const selected: string[] = [];
  const withheld: ExportedTable["withheld"] = {};
  for (const [column, kind] of Object.entries<Column>(columns)) {
    if (kind === "shown") selected.push(`t."${column}"`);
    else if (typeof kind === "object") selected.push(`${kind.shown} AS "${column}"`);
    else withheld[column] = kind;
  }
  // Every key has a type in every statement, whichever of them it asks for.
  const text = `SELECT ${selected.join(", ")} FROM ${name} t
                 WHERE (${rows}) AND ($1::uuid, $2::text[], $3::text[]) IS NOT NULL ORDER BY 1`;
  return { name, withheld, rows: read(text, keys) };
}
