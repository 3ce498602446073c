import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { EXIT_CONFIGURATION, SetupFailure } from "./failure.mjs";

// Stands in until the embedded PostgreSQL has a port.
const EMBEDDED_URL = "postgresql://gatehouse@127.0.0.1:5432/gatehouse";

/**
 * @typedef {object} Configuration
 * @property {number} port
 * @property {(string | undefined)[]} hosts
 * @property {string} appUrl
 * @property {string} dataDir
 * @property {string | undefined} databaseUrl
 * @property {string | undefined} directUrl of the same database, where `databaseUrl` names a pooler
 */

/**
 * Parses the configuration with the program's own rules before any long step,
 * so that a mistake costs a second and not a build.
 * @param {import("./environment.mjs").Environment} env
 * @returns {Promise<Configuration>}
 */
export async function readConfiguration(env) {
  const { parseConfig } = await import(pathToFileURL(await bundle("configuration")).href);
  const isOwn = Boolean(env["DATABASE_URL"] || env["DATABASE_URL_FILE"]);
  const config = parse(parseConfig, isOwn ? env : { ...env, DATABASE_URL: EMBEDDED_URL });
  requireWayToMigrate(config.database, isOwn);
  return {
    port: config.port,
    hosts: config.host ? [config.host] : config.loopback ? ["127.0.0.1", "::1"] : [undefined],
    appUrl: config.appUrl.origin,
    dataDir: env["DATA_DIR"] || ".data",
    databaseUrl: isOwn ? config.database.url : undefined,
    directUrl: config.database.directUrl ?? undefined,
  };
}

/**
 * Migrations hold a lock for as long as their connection lasts, and behind a pooler in transaction mode
 * there is no such thing: two instances could migrate at once.
 * @param {{ pooled: boolean, directUrl: string | null, replica: object | null }} database
 * @param {boolean} isOwn
 */
function requireWayToMigrate({ pooled, directUrl, replica }, isOwn) {
  if (pooled && directUrl === null) {
    throw new SetupFailure(
      "DATABASE_DIRECT_URL: is missing. DATABASE_URL names a pooler in transaction mode, through which nothing can be migrated.\n" +
        "Set it to the address of PostgreSQL itself. Example: postgresql://gatehouse:secret@postgres:5432/gatehouse",
      { exitCode: EXIT_CONFIGURATION },
    );
  }
  if (!isOwn && (directUrl !== null || replica !== null)) {
    throw new SetupFailure(
      `${directUrl === null ? "DATABASE_REPLICA_URL" : "DATABASE_DIRECT_URL"}: goes together with DATABASE_URL. Set that as well, or neither.`,
      { exitCode: EXIT_CONFIGURATION },
    );
  }
}

/**
 * @param {(env: import("./environment.mjs").Environment) => any} parseConfig
 * @param {import("./environment.mjs").Environment} env
 */
function parse(parseConfig, env) {
  try {
    return parseConfig(env);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ConfigurationError") throw error;
    throw new SetupFailure(error.message, { exitCode: EXIT_CONFIGURATION, cause: error });
  }
}
