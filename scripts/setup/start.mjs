import { buildProgram } from "./build-program.mjs";
import { bundle } from "./bundle.mjs";
import { syncPermissions } from "./command-line.mjs";
import { readConfiguration } from "./configuration.mjs";
import { holdDataFolder } from "./data-folder.mjs";
import { startEmbeddedPostgres } from "./embedded-postgres.mjs";
import { loadEnvironment } from "./environment.mjs";
import { generateClient } from "./generate-client.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { migrate } from "./migrate.mjs";
import { migrationTarget } from "./migration-target.mjs";
import { print, step } from "./progress.mjs";
import { startDevServer, startServer } from "./server-process.mjs";
import { requireFreePort } from "./serving-port.mjs";

const EXIT_INTERRUPTED = 130;

/** @typedef {Awaited<ReturnType<typeof readConfiguration>>} Configuration */

/**
 * Prepares everything, serves until asked to stop, and stops what it started
 * in the opposite order. Returns the exit code.
 * @param {{ dev: boolean, workers?: string | undefined }} options
 */
export async function start({ dev, workers }) {
  /** @type {(() => void | Promise<void>)[]} */
  const cleanups = [];
  const interruption = untilInterrupted();
  try {
    const running = await Promise.race([prepare({ dev, workers }, cleanups), interruption]);
    if (running === "interrupted") return EXIT_INTERRUPTED;
    return await untilEnd(running, interruption);
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }
}

/**
 * @param {{ dev: boolean, workers?: string | undefined }} options
 * @param {(() => void | Promise<void>)[]} cleanups
 */
async function prepare({ dev, workers }, cleanups) {
  const { env, envFile, generated, sources } = loadEnvironment();
  if (generated.length > 0) print(`✓ Wrote ${generated.join(" and ")} to ${envFile}`);
  const config = await step("Checking the configuration", async () => {
    const parsed = await readConfiguration(env);
    const folder = await holdDataFolder(parsed.dataDir);
    cleanups.push(folder.release);
    await requireFreePort(parsed);
    return { ...parsed, dataDir: folder.dir };
  });
  const [database] = await Promise.all([
    prepareDatabase(config, cleanups),
    dev ? prepareForDevelopment() : step("Building", (note) => buildProgram(note)),
  ]);
  const childEnv = {
    ...env,
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: database.url,
    DATABASE_URL_FILE: undefined,
    DATA_DIR: config.dataDir,
    GATEHOUSE_VALUE_SOURCES: Object.entries({
      ...sources,
      NODE_ENV: "start",
      ...(config.databaseUrl ? {} : { DATABASE_URL: "start" }),
      ...(env["DATA_DIR"] ? {} : { DATA_DIR: "start" }),
    })
      .map(([name, source]) => `${name}=${source}`)
      .join(","),
  };
  const announcement = await step("Syncing permissions", () => syncPermissions(childEnv));
  const address = { port: config.port, host: config.hosts[0] ?? "0.0.0.0" };
  const server = await step("Starting the server", () =>
    dev ? startDevServer(childEnv, address) : startServer(childEnv, workers),
  );
  cleanups.push(() => step("Stopping the server", server.stop));
  if (announcement) print(announcement);
  print(`Gatehouse is ready at ${config.appUrl}`);
  return { server, databaseFailed: database.failed };
}

/**
 * @param {Configuration} config
 * @param {(() => void | Promise<void>)[]} cleanups
 */
async function prepareDatabase({ databaseUrl, directUrl, dataDir }, cleanups) {
  const database = databaseUrl
    ? { url: databaseUrl, failed: new Promise(() => {}) }
    : await step("Starting PostgreSQL", async (note) => {
        const postgres = await startEmbeddedPostgres({ dataDir, note });
        cleanups.push(() => step("Stopping PostgreSQL", postgres.stop));
        return postgres;
      });
  await step("Applying migrations", (note) => {
    const { url, variable } = migrationTarget({ url: database.url, directUrl });
    return migrate(url, { note, variable });
  });
  return database;
}

const prepareForDevelopment = () =>
  step("Bundling the command line", async () => {
    generateClient();
    const { writeCoverageMap } = await import("../coverage-map/write.mjs");
    writeCoverageMap();
    await bundle("cli");
  });

/**
 * @param {{ server: import("./server-process.mjs").ServerProcess, databaseFailed: Promise<unknown> }} running
 * @param {Promise<"interrupted">} interruption
 * @returns {Promise<number>}
 */
async function untilEnd({ server, databaseFailed }, interruption) {
  const ended = server.exited.then((code) => ({ what: "The server ended", code }));
  const lost = databaseFailed.then((error) => ({
    what: `The database is lost: ${/** @type {Error} */ (error).message}`,
    code: 1,
  }));
  const end = await Promise.race([interruption, ended, lost]);
  if (end === "interrupted") return 0;
  process.stderr.write(`${end.what} (exit code ${end.code}).\n`);
  return end.code;
}
