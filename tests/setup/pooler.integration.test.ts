import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dropDatabase } from "@/tests/support/drop-database";

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface Setup {
  readConfiguration: (env: Record<string, string>) => Promise<{
    databaseUrl: string | undefined;
    directUrl: string | undefined;
  }>;
  migrationTarget: (database: { url: string; directUrl: string | undefined }) => {
    url: string;
    variable: string;
  };
  migrate: (
    url: string,
    options: { variable?: string; migrations?: Migration[] },
  ) => Promise<string[]>;
  readMigrations: () => Migration[];
}

// Set-up is plain JavaScript, because it runs before there is a compiler.
const load = async (module: string): Promise<Setup> =>
  (await import(
    /* @vite-ignore */ new URL(`../../scripts/setup/${module}`, import.meta.url).href
  )) as Setup;
const { readConfiguration } = await load("configuration.mjs");
const { migrationTarget } = await load("migration-target.mjs");
const { migrate } = await load("migrate.mjs");
const { readMigrations } = await load("migration-files.mjs");

const adminUrl = process.env["TEST_DATABASE_URL"] ?? "";
const name = `pooled_${process.pid}`;
const direct = new URL(adminUrl);
direct.pathname = `/${name}`;

const ENVIRONMENT = { AUTH_SECRET: "a".repeat(43), DATA_ENCRYPTION_KEYS: "b".repeat(43) };
const POOLED = "postgresql://gatehouse:x@127.0.0.1:1/gatehouse?pgbouncer=true";

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(() => query(adminUrl, `CREATE DATABASE ${name} TEMPLATE template0`));
afterAll(() => dropDatabase(adminUrl, name));

test("with a pooler and no way past it nothing begins, and the words say what to do", async () => {
  const refusal = readConfiguration({ ...ENVIRONMENT, DATABASE_URL: POOLED });
  await expect(refusal).rejects.toThrow(
    /DATABASE_DIRECT_URL: is missing[\s\S]+nothing can be migrated[\s\S]+Example: postgresql:/,
  );
  await expect(refusal).rejects.toMatchObject({ exitCode: 78 });
});

test("what is migrated is PostgreSQL itself, where the program reaches it through a pooler", async () => {
  const { databaseUrl = "", directUrl } = await readConfiguration({
    ...ENVIRONMENT,
    DATABASE_URL: POOLED,
    DATABASE_DIRECT_URL: direct.href,
  });
  expect(databaseUrl).toBe(POOLED);
  const target = migrationTarget({ url: databaseUrl, directUrl });
  expect(target).toEqual({ url: direct.href, variable: "DATABASE_DIRECT_URL" });
  expect(await migrate(target.url, target)).not.toEqual([]);
  const applied = "SELECT count(*)::int AS count FROM _prisma_migrations";
  expect((await query<{ count: number }>(direct.href, applied))[0]?.count).toBeGreaterThan(0);
});

test("the limits that a role has for requests do not end a migration", async () => {
  const { username } = direct;
  await query(
    adminUrl,
    `ALTER ROLE "${username}" IN DATABASE ${name} SET statement_timeout = '50ms'`,
  );
  const slow = { name: "20990101000000_slow", sql: "SELECT pg_sleep(0.2)", checksum: "x" };
  const migrations = [...readMigrations(), slow];
  expect(await migrate(direct.href, { migrations })).toEqual([slow.name]);
});

test("one that does not answer is named by its own variable", async () => {
  const nowhere = "postgresql://gatehouse:x@127.0.0.1:1/gatehouse";
  const target = migrationTarget({ url: POOLED, directUrl: nowhere });
  await expect(migrate(target.url, target)).rejects.toThrow(
    "DATABASE_DIRECT_URL: nothing accepts connections at 127.0.0.1:1",
  );
});

test.each(["DATABASE_DIRECT_URL", "DATABASE_REPLICA_URL"])(
  "%s beside the embedded PostgreSQL is refused, as it would be another database",
  async (variable) => {
    const { href } = direct;
    await expect(readConfiguration({ ...ENVIRONMENT, [variable]: href })).rejects.toThrow(
      `${variable}: goes together with DATABASE_URL`,
    );
  },
);
