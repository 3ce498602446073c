import { createHash } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropDatabase } from "@/tests/support/drop-database";

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface Setup {
  migrate: (url: string, options?: { migrations?: Migration[] }) => Promise<string[]>;
  readMigrations: () => Migration[];
}

// Set-up is plain JavaScript, because it runs before there is a compiler.
const load = async (module: string): Promise<Setup> =>
  (await import(
    /* @vite-ignore */ new URL(`../../scripts/setup/${module}`, import.meta.url).href
  )) as Setup;
const { migrate } = await load("migrate.mjs");
const { readMigrations } = await load("migration-files.mjs");

const CONCURRENT = 8;
const adminUrl = process.env["TEST_DATABASE_URL"] ?? "";
const name = `migrate_${process.pid}`;
const url = new URL(adminUrl);
url.pathname = `/${name}`;

async function query<Row extends pg.QueryResultRow>(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const migration = (suffix: string, sql: string): Migration => ({
  name: `20990101000000_${suffix}`,
  sql,
  checksum: createHash("sha256").update(sql).digest("hex"),
});

beforeEach(() => query(adminUrl, `CREATE DATABASE ${name} TEMPLATE template0`));
afterEach(() => dropDatabase(adminUrl, name));

test("instances that start together apply every migration once", async () => {
  const applied = await Promise.all(Array.from({ length: CONCURRENT }, () => migrate(url.href)));
  const names = readMigrations().map((known) => known.name);
  expect(applied.filter((list) => list.length > 0)).toEqual([names]);
  const rows = await query<{ migration_name: string }>(
    url.href,
    "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at",
  );
  expect(rows.map((row) => row.migration_name)).toEqual(names);
});

test("a migration that fails leaves nothing behind and is tried again", async () => {
  const good = migration("good", "CREATE TABLE kept (id int)");
  const bad = migration("later", "CREATE TABLE lost (id int); SELECT 1 / 0");
  await expect(migrate(url.href, { migrations: [good, bad] })).rejects.toThrow("division by zero");
  expect(
    await query(
      url.href,
      "SELECT to_regclass('kept') IS NULL AS kept, to_regclass('lost') IS NULL AS lost",
    ),
  ).toEqual([{ kept: false, lost: true }]);
  const mended = { ...bad, sql: "CREATE TABLE lost (id int)" };
  expect(await migrate(url.href, { migrations: [good, mended] })).toEqual([bad.name]);
});

test("a database with foreign tables is left alone", async () => {
  await query(url.href, "CREATE TABLE customers (id int)");
  await expect(migrate(url.href)).rejects.toThrow("not Gatehouse's (customers");
});

test("a database newer than the code is left alone", async () => {
  const [first, second] = [migration("first", "SELECT 1"), migration("second", "SELECT 1")];
  await migrate(url.href, { migrations: [first, second] });
  await expect(migrate(url.href, { migrations: [first] })).rejects.toThrow("newer than this code");
});

test("a migration that stopped half way is named with the two ways out", async () => {
  const only = migration("only", "SELECT 1");
  await migrate(url.href, { migrations: [only] });
  await query(url.href, "UPDATE _prisma_migrations SET finished_at = NULL");
  await expect(migrate(url.href, { migrations: [only] })).rejects.toThrow(
    /stopped half way[\s\S]+--rolled-back[\s\S]+--applied/,
  );
});

const trigramIndexes = async (): Promise<string[]> => {
  const rows = await query<{ indexname: string }>(
    url.href,
    "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%' ORDER BY indexname",
  );
  return rows.map(({ indexname }) => indexname);
};

test("what lists are searched by is indexed", async () => {
  await migrate(url.href);
  expect(await trigramIndexes()).toEqual([
    "invoices_customer_key_trigrams_idx",
    "invoices_number_trigrams_idx",
    "oidc_clients_name_trigrams_idx",
    "organizations_name_trigrams_idx",
    "organizations_slug_trigrams_idx",
    "users_email_trigrams_idx",
    "users_name_trigrams_idx",
  ]);
});

test("where trigrams are out of reach, everything but those indexes is made", async () => {
  await query(url.href, "CREATE SCHEMA elsewhere");
  await query(url.href, "CREATE EXTENSION pg_trgm SCHEMA elsewhere");
  expect(await migrate(url.href)).toEqual(readMigrations().map((known) => known.name));
  expect(await trigramIndexes()).toEqual([]);
});
