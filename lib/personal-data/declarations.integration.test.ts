import { beforeAll, expect, test } from "vitest";
import { isOfPeople, type PersonalTable } from "@/lib/personal-data/personal-table";
import { PERSONAL_TABLES } from "@/lib/personal-data/personal-tables";
import { prisma } from "@/lib/platform/db/client";
import { listColumns, type TableColumn } from "@/tests/support/personal-rows";

// A table or a column that somebody adds is declared, or this fails: it would be missing from what
// people are given, and left behind when they are gone (F108, F109).

interface Key {
  table: string;
  column: string;
  /** What it does when the user goes: c deletes, n empties, r refuses. */
  onDelete: string;
}

interface Schema {
  columns: TableColumn[];
  keys: Key[];
}

type Tables = Record<string, PersonalTable>;

/** Names of columns that tell of somebody, by what columns of this database are called. */
const OF_SOMEBODY =
  /(^|_)(user|users|actor|author|owner|reviewer|recipient|email|phone|subject|sub)(_|$)|(^|_)by(_name)?$/;
/** What such names stand for otherwise. */
const OF_NOBODY = ["user_agent", "user_code_hash", "user_verified", "erased_by", "decided_by_name"];
const SECRET = /hash|secret|token|digest|salt|sealed|password/;

function problemsOf({ columns, keys }: Schema, tables: Tables): string[] {
  const problems: string[] = [];
  const stored = [...new Set(columns.map(({ table }) => table))];
  problems.push(...stored.filter((table) => !(table in tables)).map((it) => `${it}: undeclared`));
  problems.push(
    ...Object.keys(tables)
      .filter((it) => !stored.includes(it))
      .map((it) => `${it}: gone`),
  );
  for (const [name, table] of Object.entries(tables)) {
    const own = columns.filter((column) => column.table === name).map(({ column }) => column);
    const mentions = table.mentions ?? {};
    const declared = isOfPeople(table) ? Object.keys(table.columns) : own;
    problems.push(
      ...own.filter((it) => !declared.includes(it)).map((it) => `${name}.${it}: undeclared`),
      ...[...declared, ...Object.keys(mentions)]
        .filter((it) => !own.includes(it))
        .map((it) => `${name}.${it}: gone`),
    );
    const isFound = (column: string) =>
      (isOfPeople(table) && table.rows.includes(`t.${column}`)) || column in mentions;
    for (const key of keys.filter((it) => it.table === name)) {
      if (!isFound(key.column)) problems.push(`${name}.${key.column}: refers to users`);
      const isKept =
        isOfPeople(table) && typeof table.erasure === "object" && table.erasure.byKey === true;
      if (key.onDelete === "r" && !isKept)
        problems.push(`${name}.${key.column}: keeps the account`);
      if (mentions[key.column] === "emptied" && key.onDelete !== "n") {
        problems.push(`${name}.${key.column}: is not emptied`);
      }
    }
    for (const column of own.filter((it) => OF_SOMEBODY.test(it) && !OF_NOBODY.includes(it))) {
      if (isOfPeople(table) ? !(column in table.columns) : !isFound(column)) {
        problems.push(`${name}.${column}: is called like somebody`);
      }
    }
    if (!isOfPeople(table)) continue;
    for (const [column, kind] of Object.entries(table.columns)) {
      const isBytes = columns.some(
        (it) => it.table === name && it.column === column && it.type === "bytea",
      );
      if ((SECRET.test(column) || isBytes) && kind === "shown") {
        problems.push(`${name}.${column}: may be a secret`);
      }
    }
  }
  return problems;
}

let schema: Schema;
beforeAll(async () => {
  const keys = await prisma().$queryRaw<Key[]>`
    SELECT c.conrelid::regclass::text AS table, a.attname::text AS column,
           c.confdeltype::text AS "onDelete"
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
     WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass`;
  schema = { columns: await listColumns(), keys };
});

test("every table and column that there is is declared, and what refers to somebody is found (F108)", () => {
  expect(schema.columns.length).toBeGreaterThan(500);
  expect(schema.keys.length).toBeGreaterThan(20);
  expect(problemsOf(schema, PERSONAL_TABLES)).toEqual([]);
});

test("a table, a column or a key that is forgotten is found (F108)", () => {
  const { sessions: _, ...others } = PERSONAL_TABLES;
  expect(problemsOf(schema, others)).toEqual(["sessions: undeclared"]);
  const also = (table: string, column: string, type = "text"): Schema => ({
    ...schema,
    columns: [...schema.columns, { table, column, type, label: null }],
  });
  expect(problemsOf(also("diaries", "text"), PERSONAL_TABLES)).toEqual(["diaries: undeclared"]);
  expect(problemsOf(also("sessions", "city"), PERSONAL_TABLES)).toEqual([
    "sessions.city: undeclared",
  ]);
  expect(problemsOf(also("roles", "author_id", "uuid"), PERSONAL_TABLES)).toEqual([
    "roles.author_id: is called like somebody",
  ]);
  const key = { table: "roles", column: "name", onDelete: "c" };
  expect(problemsOf({ ...schema, keys: [...schema.keys, key] }, PERSONAL_TABLES)).toEqual([
    "roles.name: refers to users",
  ]);
});

test("a declaration that shows a secret is found", () => {
  const { devices } = PERSONAL_TABLES;
  const columns = { ...devices.columns, token_hash: "shown" as const };
  expect(problemsOf(schema, { ...PERSONAL_TABLES, devices: { ...devices, columns } })).toEqual([
    "devices.token_hash: may be a secret",
  ]);
});
