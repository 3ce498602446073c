// Writes and checks migrations without a database and without a download.
//
//   npm run db:migration -- <name>   writes prisma/migrations/<time>_<name>/migration.sql
//   node scripts/migration.mjs diff  prints what the migrations lack; exit code 2 when something
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { reportFailure, SetupFailure } from "./setup/failure.mjs";
import { LOCK_FILE, LOCK_FILE_CONTENT, MIGRATIONS_DIR } from "./setup/migration-files.mjs";
import { migrationFolderName } from "./setup/migration-name.mjs";
import { schemaDifference } from "./setup/schema-difference.mjs";

const EXIT_DIFFERENT = 2;
const USAGE = "Usage: npm run db:migration -- <name>   or   node scripts/migration.mjs diff";

/** @param {string | undefined} name */
async function writeMigration(name) {
  if (!name) throw new SetupFailure(USAGE, { exitCode: 2 });
  const folder = path.join(MIGRATIONS_DIR, migrationFolderName(name, new Date()));
  const sql = await schemaDifference();
  if (sql === "") {
    process.stdout.write("Migrations and schema agree: there is nothing to write.\n");
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "migration.sql"), sql);
  writeFileSync(path.join(MIGRATIONS_DIR, LOCK_FILE), LOCK_FILE_CONTENT);
  process.stdout.write(`Wrote ${path.relative(process.cwd(), folder)}/migration.sql\n`);
}

async function printDifference() {
  const sql = await schemaDifference();
  process.stdout.write(sql === "" ? "Migrations and schema agree.\n" : `${sql}\n`);
  if (sql !== "") process.exitCode = EXIT_DIFFERENT;
}

const [command, name] = process.argv.slice(2);
try {
  if (command === "new") await writeMigration(name);
  else if (command === "diff") await printDifference();
  else throw new SetupFailure(USAGE, { exitCode: 2 });
} catch (error) {
  process.exitCode = reportFailure(error);
}
