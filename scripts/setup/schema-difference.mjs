import { PGlite } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { SetupFailure } from "./failure.mjs";
import { readMigrations } from "./migration-files.mjs";
import { inRoot } from "./paths.mjs";
import { startSchemaEngine } from "./schema-engine.mjs";
import { readSchemaFiles } from "./schema-files.mjs";

/** Every table and enum of the schema counts: nothing is managed from outside. */
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * The SQL that the migrations lack to reach the schema; empty when they agree.
 *
 * The migrations are replayed in an in-memory PGlite and read back from there:
 * hand-written triggers, functions and partial indexes run as they will run in
 * production, and no database has to be there. (Reading back through the pg
 * adapter fails: "Column type 'char' could not be deserialized".)
 * @param {{ migrationsDir?: string, schemaDir?: string }} [options]
 */
export async function schemaDifference({ migrationsDir, schemaDir } = {}) {
  const files = readSchemaFiles(schemaDir);
  const database = new PGlite();
  try {
    for (const migration of readMigrations(migrationsDir)) await replay(database, migration);
    const engine = await startSchemaEngine(new PrismaPGlite(database), files);
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: inRoot() },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    return isEmptyScript(stdout) ? "" : stdout;
  } finally {
    await database.close();
  }
}

/**
 * @param {PGlite} database
 * @param {import("./migration-files.mjs").Migration} migration
 */
async function replay(database, { name, sql }) {
  try {
    await database.exec(sql);
  } catch (error) {
    throw new SetupFailure(`The migration ${name} fails: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {string} script */
const isEmptyScript = (script) => script.replaceAll(/^\s*--.*$/gm, "").trim() === "";
