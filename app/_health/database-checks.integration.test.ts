import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import {
  checkAdministrator,
  checkConnections,
  checkJobs,
  checkOutbox,
  checkPostgres,
  checkWritable,
} from "@/app/_health/database-checks";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { anInstance, aRequest } from "@/tests/support/builders";

beforeAll(async () => {
  await anInstance();
});

/** As the one user that may do anything, in this database or in the one that every server has. */
async function asAdmin(sql: string, name = "postgres"): Promise<void> {
  // oxlint-disable node/no-process-env -- the test runner says so there.
  const { TEST_DATABASE_ADMIN_URL, TEST_DATABASE_URL } = process.env;
  // oxlint-enable node/no-process-env
  const url = new URL(TEST_DATABASE_ADMIN_URL ?? TEST_DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(sql);
  await client.end();
}

const database = () => new URL(getConfig().database.url).pathname.slice(1);

/** Settings of a database hold for connections that begin afterwards. */
const reconnect = () =>
  asAdmin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database()}'`);

test("what is well is without a finding", async () => {
  expect(await checkWritable()).toBeNull();
  expect(await checkPostgres()).toBeNull();
  expect(await checkConnections()).toBeNull();
  expect(await checkOutbox()).toBeNull();
});

test("a database that is set read-only is found", async () => {
  await asAdmin(`ALTER DATABASE "${database()}" SET default_transaction_read_only = on`);
  await reconnect();
  await expect.poll(() => checkWritable().catch(() => null)).toContain("read-only");
  await asAdmin(`ALTER DATABASE "${database()}" RESET default_transaction_read_only`);
  await reconnect();
  await expect.poll(() => checkWritable().catch(() => "gone")).toBeNull();
});

test("a pool that the server cannot fill is found", async () => {
  expect(await checkConnections(500)).toContain("DATABASE_POOL_SIZE is 500");
});

test("mails that nobody takes are found, with what the server said", async () => {
  await pool().query(
    `INSERT INTO outbox (id, channel, kind, recipient, subject, text, html, created_at, last_error)
     VALUES (gen_random_uuid(), 'mail', 'k', 'a@example.com', 's', 't', 'h',
             now() - interval '1 hour', '535 wrong password')`,
  );
  expect(await checkOutbox()).toContain("535 wrong password");
});

test("an installation without an administrator is found where others reach it", async () => {
  expect(await checkAdministrator()).toBeNull();
  Object.assign(getConfig(), { loopback: false });
  expect(await checkAdministrator()).toContain("no administrator yet");
  await pool().query("UPDATE instance SET setup_completed_at = now()");
  expect(await checkAdministrator()).toBeNull();
  const firstAdministrator = { email: "a@example.com", password: "four unlikely words here" };
  Object.assign(getConfig(), { firstAdministrator });
  expect(await checkAdministrator()).toContain("GATEHOUSE_ADMIN_PASSWORD is still set");
});

test("work in the background that nobody does is found", async () => {
  const id = await recordStandaloneEvent(
    { action: "x.happened", outcome: "success", actor: { type: "system" } },
    aRequest(),
  );
  expect(await checkJobs()).toBeNull();
  // As time does, which the log's own guard lets nobody else do.
  await asAdmin(`ALTER TABLE audit_events DISABLE TRIGGER USER`, database());
  await asAdmin(
    `UPDATE audit_events SET at = now() - interval '2 hours' WHERE id = '${id}'`,
    database(),
  );
  await asAdmin(`ALTER TABLE audit_events ENABLE TRIGGER USER`, database());
  expect(await checkJobs()).toContain("no process does the work");
});
