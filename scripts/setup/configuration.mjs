import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { EXIT_CONFIGURATION, SetupFailure } from "./failure.mjs";

// Stands in until the embedded PostgreSQL has a port.
const EMBEDDED_URL = "postgresql://gatehouse@127.0.0.1:5432/gatehouse";

/**
 * Parses the configuration with the program's own rules before any long step,
 * so that a mistake costs a second and not a build.
 * @param {import("./environment.mjs").Environment} env
 * @returns {Promise<{ port: number, hosts: (string | undefined)[], appUrl: string, dataDir: string, databaseUrl: string | undefined }>}
 */
export async function readConfiguration(env) {
  const { parseConfig } = await import(pathToFileURL(await bundle("configuration")).href);
  const isOwn = Boolean(env["DATABASE_URL"] || env["DATABASE_URL_FILE"]);
  const config = parse(parseConfig, isOwn ? env : { ...env, DATABASE_URL: EMBEDDED_URL });
  return {
    port: config.port,
    hosts: config.host ? [config.host] : config.loopback ? ["127.0.0.1", "::1"] : [undefined],
    appUrl: config.appUrl.origin,
    dataDir: env["DATA_DIR"] || ".data",
    databaseUrl: isOwn ? config.database.url : undefined,
  };
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
