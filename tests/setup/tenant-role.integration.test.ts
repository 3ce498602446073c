import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropDatabase } from "@/tests/support/drop-database";

interface Setup {
  migrate: (url: string) => Promise<string[]>;
}

// Set-up is plain JavaScript, because it runs before there is a compiler.
const { migrate } = (await import(
  /* @vite-ignore */ new URL("../../scripts/setup/migrate.mjs", import.meta.url).href
)) as Setup;

// Migrations as a database user who is no superuser: the wall between organizations needs a
// role, and roles belong to the whole cluster (F81).

// Beside a development database there is one address, and it is the superuser's.
const adminUrl = process.env["TEST_DATABASE_ADMIN_URL"] ?? process.env["TEST_DATABASE_URL"] ?? "";
const OWNER = `wall_owner_${process.pid}`;
const TENANT = `${OWNER}_tenant`;
const KEEPER = `${OWNER}_keeper`;
const name = `wall_${process.pid}`;

const urlAs = (user: string, database = name): string => {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  [url.username, url.password] = [user, "a-password-of-tests"];
  return url.href;
};

async function query(connectionString: string, ...statements: string[]) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const sql of statements) ({ rows } = await client.query(sql));
    return rows;
  } finally {
    await client.end();
  }
}

beforeEach(async () => {
  await query(
    adminUrl,
    `CREATE ROLE ${OWNER} LOGIN PASSWORD 'a-password-of-tests'`,
    `CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE template0`,
  );
});

afterEach(async () => {
  await dropDatabase(adminUrl, name);
  await query(adminUrl, `DROP ROLE IF EXISTS ${TENANT}, ${KEEPER}`, `DROP ROLE ${OWNER}`);
});

/** What the wall leaves of one invoice of another organization, for the plain owner. */
const seenBehindTheWall = () =>
  query(
    urlAs(OWNER),
    `INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), 'theirs', 'Theirs')`,
    `INSERT INTO invoice_counters SELECT id, 2026, 1 FROM organizations WHERE slug = 'theirs'`,
    "BEGIN",
    `SELECT set_config('role', tenant_role(), true),
            set_config('gatehouse.organization', gen_random_uuid()::text, true)`,
    "SELECT current_user, (SELECT count(*)::int FROM invoice_counters) AS seen",
  );

test("an owner who may make roles makes the wall", async () => {
  await query(adminUrl, `ALTER ROLE ${OWNER} CREATEROLE`);
  await migrate(urlAs(OWNER));
  expect(await seenBehindTheWall()).toEqual([{ current_user: TENANT, seen: 0 }]);
});

test("an owner who may not uses the roles that an administrator has made", async () => {
  await query(
    adminUrl,
    `CREATE ROLE ${TENANT} NOLOGIN`,
    `GRANT ${TENANT} TO ${OWNER}`,
    `CREATE ROLE ${KEEPER} NOLOGIN`,
    `GRANT ${KEEPER} TO ${OWNER} WITH INHERIT FALSE`,
  );
  await migrate(urlAs(OWNER));
  expect(await seenBehindTheWall()).toEqual([{ current_user: TENANT, seen: 0 }]);
});

test("with the one and not the other, what the audit log needs is told as well (ATK-72)", async () => {
  await query(adminUrl, `CREATE ROLE ${TENANT} NOLOGIN`, `GRANT ${TENANT} TO ${OWNER}`);
  await expect(migrate(urlAs(OWNER))).rejects.toThrow(
    `CREATE ROLE ${KEEPER} NOLOGIN; GRANT ${KEEPER} TO ${OWNER} WITH INHERIT FALSE;`,
  );
});

test("without either the migration says what an administrator has to run, and changes nothing", async () => {
  const refusal = `CREATE ROLE ${TENANT} NOLOGIN; GRANT ${TENANT} TO ${OWNER};`;
  await expect(migrate(urlAs(OWNER))).rejects.toThrow(refusal);
  expect(await query(urlAs(OWNER), "SELECT to_regproc('tenant_role') AS made")).toEqual([
    { made: null },
  ]);
});

test("databases of one owner that are migrated at once share the role", async () => {
  await query(adminUrl, `ALTER ROLE ${OWNER} CREATEROLE`);
  const others = [1, 2, 3].map((index) => `${name}_${index}`);
  for (const other of others) {
    await query(adminUrl, `CREATE DATABASE ${other} OWNER ${OWNER} TEMPLATE template0`);
  }
  try {
    await Promise.all([name, ...others].map((database) => migrate(urlAs(OWNER, database))));
    expect(await seenBehindTheWall()).toEqual([{ current_user: TENANT, seen: 0 }]);
  } finally {
    for (const other of others) await dropDatabase(adminUrl, other);
  }
});
