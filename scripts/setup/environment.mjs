import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
 * that neither has. Returns also what was written, for the progress line.
 * @param {Environment} [environment]
 * @param {string} [file]
 */
export function loadEnvironment(environment = process.env, file = inRoot(".env.local")) {
  const missing = SECRETS.filter((name) => !merged(environment, file)[name]);
  if (missing.length > 0) addSecrets(file, missing);
  return { env: withDefaults(merged(environment, file)), generated: missing };
}

/**
 * @param {Environment} environment
 * @param {string} file
 * @returns {Environment}
 */
function merged(environment, file) {
  const stored = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  return { ...stored, ...environment };
}

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
