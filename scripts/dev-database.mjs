// Keeps a PostgreSQL running for development and prints its DATABASE_URL.
//
//   node scripts/dev-database.mjs [folder]   migrated database, gone with Ctrl-C unless a folder is named
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { discardData } from "./setup/cluster-place.mjs";
import { holdDataFolder } from "./setup/data-folder.mjs";
import { startEmbeddedPostgres } from "./setup/embedded-postgres.mjs";
import { reportFailure } from "./setup/failure.mjs";
import { migrate } from "./setup/migrate.mjs";

const named = process.argv[2];

async function run() {
  const dir = named ?? mkdtempSync(path.join(os.tmpdir(), "gatehouse-dev-"));
  const folder = await holdDataFolder(dir);
  const postgres = await startEmbeddedPostgres({ dataDir: folder.dir, throwaway: true });
  const stop = async () => {
    await postgres.stop();
    folder.release();
    if (!named) discardData(dir);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void stop());
  await migrate(postgres.url);
  process.stdout.write(`DATABASE_URL=${postgres.url}\nTEST_DATABASE_URL=${postgres.adminUrl}\n`);
}

try {
  await run();
} catch (error) {
  process.exit(reportFailure(error));
}
