import pg from "pg";
import { afterAll, beforeAll, vi } from "vitest";
import { dropDatabase } from "@/tests/support/drop-database";

// Every test file gets a database of its own, copied from the migrated and
// synced template in a fraction of a second: real PostgreSQL, no shared rows.
const adminUrl = process.env["TEST_DATABASE_URL"];
if (adminUrl === undefined) throw new Error("TEST_DATABASE_URL is missing: run `npm test`");

const TEMPLATE = process.env["TEST_DATABASE_TEMPLATE"] ?? "gatehouse_template";
const name = `test_${process.env["VITEST_POOL_ID"] ?? "1"}_${process.pid}_${Date.now()}`;
const url = new URL(adminUrl);
url.pathname = `/${name}`;

vi.stubEnv("NODE_ENV", "test");
vi.stubEnv("DATABASE_URL", url.href);
vi.stubEnv("DATABASE_POOL_SIZE", "20");
vi.stubEnv("AUTH_SECRET", "a-secret-that-only-tests-use-0123456789");
vi.stubEnv("DATA_ENCRYPTION_KEYS", "a-key-that-only-tests-use-0123456789abcd");
vi.stubEnv("LOG_LEVEL", "silent");

beforeAll(async () => {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  await client.end();
});

afterAll(async () => {
  const { endConnections } = await import("@/lib/platform/db/end-connections");
  await endConnections();
  await dropDatabase(adminUrl, name);
});
