import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

const FILE = "postgres-passwords.json";
const PASSWORD_BYTES = 24;

/** @typedef {{ administrator: string, application: string }} Passwords */

/**
 * The passwords of the embedded PostgreSQL, made at the first start. The
 * application has its own role: an injected statement that runs as superuser
 * could read files and start programs.
 * @param {string} dataDir
 * @returns {Passwords}
 */
export function postgresPasswords(dataDir) {
  const file = path.join(dataDir, FILE);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const passwords = { administrator: newPassword(), application: newPassword() };
  // Renamed into place: a cluster whose password was half written is lost.
  writeFileSync(`${file}.new`, `${JSON.stringify(passwords)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return passwords;
}

const newPassword = () => randomBytes(PASSWORD_BYTES).toString("base64url");
