import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { isErrno, SetupFailure } from "./failure.mjs";
import { inRoot } from "./paths.mjs";

const SECRETS = ["AUTH_SECRET", "DATA_ENCRYPTION_KEYS"];
const SECRET_BYTES = 32;
const HEADER = `# Made by Gatehouse at its first start. Keep it: without DATA_ENCRYPTION_KEYS what is
# encrypted in the database cannot be read again. Variables of the environment win over these.
`;

/** @typedef {Record<string, string | undefined>} Environment */

/**
 * The environment with .env.local beneath it, after generating the secrets
 * that neither has. Returns also what was written, for the progress line, and
 * which values are not the environment's own.
 * @param {Environment} [environment]
 * @param {string} [file]
 */
export function loadEnvironment(
  environment = process.env,
  // Where the program's own folder cannot be written, as in an image, what is generated goes elsewhere.
  file = path.resolve(inRoot(), environment["GATEHOUSE_ENV_FILE"] || ".env.local"),
) {
  const present = merged(environment, file);
  const missing = SECRETS.filter((name) => !present[name] && !present[fileOf(name)]);
  if (missing.length > 0) addSecrets(file, missing);
  const env = withDefaults(merged(environment, file));
  return {
    env,
    envFile: path.basename(file),
    generated: missing,
    sources: sourcesOf(env, environment, file),
  };
}

/**
 * Where each value comes from that the environment does not have: .env.local, or what was made here.
 * @param {Environment} env
 * @param {Environment} environment
 * @param {string} file
 */
function sourcesOf(env, environment, file) {
  const stored = storedIn(file);
  return Object.fromEntries(
    Object.keys(env)
      .filter((name) => environment[name] === undefined)
      .map((name) => [name, stored[name] === undefined ? "start" : "env-file"]),
  );
}

/**
 * @param {string} file
 * @returns {Environment}
 */
const storedIn = (file) => (existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {});

/**
 * @param {Environment} environment
 * @param {string} file
 * @returns {Environment}
 */
function merged(environment, file) {
  const stored = storedIn(file);
  // Whoever names a file for it in the environment means that one, and the other way round.
  for (const name of Object.keys(stored)) {
    if (environment[fileOf(name)]) delete stored[name];
    if (name.endsWith("_FILE") && environment[name.slice(0, -"_FILE".length)]) delete stored[name];
  }
  return { ...stored, ...environment };
}

/** @param {string} name of the variable; that of its file is the answer */
const fileOf = (name) => `${name}_FILE`;

/**
 * @param {Environment} env
 * @returns {Environment}
 */
function withDefaults(env) {
  const { PORT = "", APP_URL } = env;
  // Whoever only moves the port means the same address with that port.
  return /^\d+$/.test(PORT) && !APP_URL ? { ...env, APP_URL: `http://localhost:${PORT}` } : env;
}

/**
 * @param {string} file
 * @param {readonly string[]} names
 */
function addSecrets(file, names) {
  const lines = names
    .map((name) => `${name}=${randomBytes(SECRET_BYTES).toString("base64url")}\n`)
    .join("");
  try {
    if (existsSync(file)) appendFileSync(file, `\n${lines}`);
    else createOnce(file, `${HEADER}${lines}`);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new SetupFailure(
      `The generated secrets could not be written to ${file} (${code}).\n` +
        `Make its folder writable, or set ${names.join(" and ")} in the environment.`,
      { cause: error },
    );
  }
}

/**
 * Linked into place when complete: of two first starts at once one file wins,
 * and nobody reads half of it.
 * @param {string} file
 * @param {string} content
 */
function createOnce(file, content) {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, content, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
}
