import { setTimeout as sleep } from "node:timers/promises";
import { bundle } from "./bundle.mjs";
import { runCommand } from "./command-line.mjs";
import { readConfiguration } from "./configuration.mjs";
import { dataFolder, holdDataFolder } from "./data-folder.mjs";
import { folderHolder } from "./data-lock.mjs";
import { runningConnection, startEmbeddedPostgres } from "./embedded-postgres.mjs";
import { loadEnvironment } from "./environment.mjs";
import { SetupFailure } from "./failure.mjs";
import { generateClient } from "./generate-client.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { migrate } from "./migrate.mjs";
import { migrateCommand } from "./migrate-command.mjs";
import { migrationTarget } from "./migration-target.mjs";
import { hasSources } from "./program-sources.mjs";
import { step } from "./progress.mjs";

const EXIT_INTERRUPTED = 130;
const STARTING_POLL_MS = 500;
const STARTING_ATTEMPTS_MAX = 120;

/**
 * Runs a command of the command line on the database of this clone: the one
 * that DATABASE_URL names, the embedded one of a running Gatehouse, or the
 * embedded one started for as long as the command takes.
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runFromClone(args) {
  const interruption = untilInterrupted();
  const { env } = loadEnvironment();
  const config = await readConfiguration(env);
  const database = await reachDatabase(config);
  try {
    const target = migrationTarget({ url: database.url, directUrl: config.directUrl });
    const work = run(args, target, {
      ...env,
      NODE_ENV: env["NODE_ENV"] || "production",
      DATABASE_URL: database.url,
      DATABASE_URL_FILE: undefined,
      DATA_DIR: dataFolder(config.dataDir),
    });
    const code = await Promise.race([work, interruption]);
    return code === "interrupted" ? EXIT_INTERRUPTED : code;
  } finally {
    await database.release();
  }
}

/**
 * @param {readonly string[]} args
 * @param {import("./migration-target.mjs").MigrationTarget} target
 * @param {NodeJS.ProcessEnv} env
 */
async function run(args, target, env) {
  if (args[0] === "migrate") return migrateCommand(args.slice(1), target);
  const { url, variable } = target;
  await step("Applying migrations", (note) => migrate(url, { note, variable }));
  await step("Bundling the command line", async () => {
    if (hasSources()) generateClient();
    await bundle("cli");
  });
  return runCommand(args, env);
}

/**
 * @param {Awaited<ReturnType<typeof readConfiguration>>} config
 * @returns {Promise<{ url: string, release: () => void | Promise<void> }>}
 */
async function reachDatabase({ databaseUrl, dataDir }) {
  if (databaseUrl) return { url: databaseUrl, release: () => {} };
  const dir = dataFolder(dataDir);
  const holder = folderHolder(dir);
  if (holder !== undefined) return { url: await runningUrl(dir, holder), release: () => {} };
  const folder = await holdDataFolder(dataDir);
  const postgres = await step("Starting PostgreSQL", (note) =>
    startEmbeddedPostgres({ dataDir: folder.dir, note }),
  );
  return {
    url: postgres.url,
    release: async () => {
      await postgres.stop();
      folder.release();
    },
  };
}

/**
 * The holder may still be starting its server.
 * @param {string} dir
 * @param {number} holder
 */
async function runningUrl(dir, holder) {
  for (let attempt = 1; attempt <= STARTING_ATTEMPTS_MAX; attempt += 1) {
    const url = await runningConnection(dir);
    if (url) return url;
    await sleep(STARTING_POLL_MS);
  }
  throw new SetupFailure(
    `Process ${holder} holds ${dir}, but no PostgreSQL runs there. If it uses DATABASE_URL, set the same here.`,
  );
}
