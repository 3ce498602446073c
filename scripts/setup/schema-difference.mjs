import { PGlite } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { MIGRATIONS_DIR, readMigrations, toEngineList } from "./migration-files.mjs";
import { inRoot } from "./paths.mjs";
import { NO_FILTERS, startSchemaEngine } from "./schema-engine.mjs";
import { readSchemaFiles } from "./schema-files.mjs";

/**
 * The SQL that the migrations lack to reach the schema; empty when they agree.
 *
 * The migrations are replayed in an in-memory PGlite and read back from there:
 * hand-written triggers, functions and partial indexes run as they will run in
 * production, and no database has to be there. (Reading back through the pg
 * adapter fails: "Column type 'char' could not be deserialized".)
 * @param {{ migrationsDir?: string, schemaDir?: string }} [options]
 */
export async function schemaDifference({ migrationsDir = MIGRATIONS_DIR, schemaDir } = {}) {
  const files = readSchemaFiles(schemaDir);
  const database = new PGlite();
  try {
    const engine = await startSchemaEngine(new PrismaPGlite(database), files);
    await engine.applyMigrations({
      migrationsList: toEngineList(readMigrations(migrationsDir), migrationsDir),
      filters: NO_FILTERS,
    });
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

/** @param {string} script */
const isEmptyScript = (script) => script.replaceAll(/^\s*--.*$/gm, "").trim() === "";
