import { connectTo } from "./database-connection.mjs";
import { SetupFailure } from "./failure.mjs";
import { readMigrations } from "./migration-files.mjs";
import {
  createMigrationRecord,
  hasMigrationRecord,
  readMigrationRecord,
  recordApplied,
  recordRolledBack,
} from "./migration-record.mjs";
import { migrationRefusal } from "./migration-refusal.mjs";
import { migrationStatus } from "./migration-status.mjs";

/** Chosen at random once. Prisma's own lock (72707369) guards Prisma's own tool. */
const LOCK_KEY = 771_204_331;

/** @typedef {(text: string) => void} Note */

/**
 * Brings a database to the migrations of this code, or says why it must not.
 * Returns the names applied.
 *
 * Each migration is one transaction together with its record: it is applied
 * and known to be, or neither, whenever the power fails. (Prisma's pg adapter
 * cuts scripts at every semicolon, inside function bodies too, and commits
 * each piece; so the scripts are run here, and only recorded in Prisma's way.)
 * Instances that start together wait for one another: one applies, the rest
 * find nothing to do.
 * @param {string} url of PostgreSQL itself
 * @param {{ note?: Note, migrations?: import("./migration-files.mjs").Migration[], variable?: string }} [options]
 * @returns {Promise<string[]>}
 */
export async function migrate(
  url,
  { note = () => {}, migrations = readMigrations(), variable } = {},
) {
  return withConnection(url, variable, async (client) => {
    const first = migrationStatus(await readMigrationRecord(client), migrations);
    if (first.outcome === "current") return [];
    // Whatever else it looks like, another instance may be in the midst of it.
    await lock(client, note);
    const status = migrationStatus(await readMigrationRecord(client), migrations);
    if (status.outcome === "current") return [];
    if (status.outcome !== "pending") throw migrationRefusal(status);
    await requireOwnDatabase(client);
    await createMigrationRecord(client);
    for (const migration of migrations.filter(({ name }) => status.names.includes(name))) {
      note(migration.name);
      await applyOne(client, migration);
    }
    return status.names;
  });
}

/**
 * Records by hand how a migration that stopped half way really stands.
 * @param {string} url
 * @param {string} name
 * @param {"applied" | "rolled-back"} standing
 * @param {string} [variable]
 */
export async function resolveMigration(url, name, standing, variable) {
  const migration = readMigrations().find((known) => known.name === name);
  await withConnection(url, variable, async (client) => {
    await lock(client, () => {});
    const wasFailed = (await hasMigrationRecord(client)) && (await recordRolledBack(client, name));
    if (!migration || !wasFailed) {
      throw new SetupFailure(`No migration "${name}" stopped half way in this database.`);
    }
    if (standing === "applied") await recordApplied(client, migration, 0);
  });
}

/**
 * The session ends with the work, and with it the advisory lock.
 * @template T
 * @param {string} url
 * @param {string | undefined} variable
 * @param {(client: import("pg").Client) => Promise<T>} work
 */
async function withConnection(url, variable, work) {
  const client = await connectTo(url, variable);
  try {
    // Limits that the role has for requests: an index may take long, and another instance's migrations too.
    await client.query("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * @param {import("pg").Client} client
 * @param {Note} note
 */
async function lock(client, note) {
  const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS taken", [LOCK_KEY]);
  if (rows[0].taken) return;
  note("waiting for another instance that migrates");
  await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
}

/**
 * Tables without a record of migrations belong to somebody else.
 * @param {import("pg").Client} client
 */
async function requireOwnDatabase(client) {
  if (await hasMigrationRecord(client)) return;
  const { rows } = await client.query(
    `SELECT tablename, current_database() AS database
       FROM pg_tables WHERE schemaname = current_schema() LIMIT 1`,
  );
  if (rows.length === 0) return;
  throw new SetupFailure(
    `The database "${rows[0].database}" already holds tables that are not Gatehouse's (${rows[0].tablename}, ...).\n` +
      "Nothing was changed. Point DATABASE_URL at an empty database.",
  );
}

/**
 * @param {import("pg").Client} client
 * @param {import("./migration-files.mjs").Migration} migration
 */
async function applyOne(client, migration) {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await recordApplied(client, migration, 1);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    const { code = "", message, position } = /** @type {import("pg").DatabaseError} */ (error);
    const line = position && migration.sql.slice(0, Number(position)).split("\n").length;
    throw new SetupFailure(
      `The migration ${migration.name} failed and was undone: ${message}` +
        `${line ? ` (line ${line} of its migration.sql)` : ""}${code ? ` [${code}]` : ""}.\n` +
        "Mend the cause in the database and start again. Earlier migrations stay applied.",
      { cause: error },
    );
  }
}
