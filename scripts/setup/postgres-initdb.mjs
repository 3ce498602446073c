import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { endWithUs } from "./end-with-us.mjs";
import { SetupFailure } from "./failure.mjs";

/** Nothing of ours goes to PostgreSQL's environment: no secret, no locale. */
export const POSTGRES_ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/**
 * @typedef {object} ClusterOptions
 * @property {string} binaries
 * @property {string} clusterDir
 * @property {import("./postgres-account.mjs").Account | undefined} account
 * @property {boolean} throwaway gives up durability for speed: only for data nobody will miss
 */

/**
 * Makes the cluster unless it is there. It is built under another name and
 * renamed when complete, so that a start cut short leaves nothing half-made.
 * @param {ClusterOptions & { password: string }} options
 */
export async function initialiseCluster({ binaries, clusterDir, account, throwaway, password }) {
  if (existsSync(path.join(clusterDir, "PG_VERSION"))) return;
  const draft = `${clusterDir}.new`;
  const passwordFile = `${clusterDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const file of [draft, passwordFile]) chownSync(file, account.uid, account.gid);
  try {
    await runInitdb(path.join(binaries, "bin/initdb"), account, [
      `--pgdata=${draft}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
      "--no-instructions",
      ...(throwaway ? ["--no-sync"] : []),
    ]);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, clusterDir);
}

/**
 * @param {string} program
 * @param {import("./postgres-account.mjs").Account | undefined} account
 * @param {string[]} args
 */
async function runInitdb(program, account, args) {
  const child = spawn(program, args, {
    cwd: "/",
    env: POSTGRES_ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  endWithUs(child, "SIGTERM");
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const [code, output] = await Promise.all([ended, text(child.stderr)]).catch((error) => {
    throw cannotRun(error);
  });
  if (code !== 0) {
    throw new SetupFailure(
      `The database could not be initialised. PostgreSQL's initdb says:\n\n${output.trim()}\n\n${advice(output)}`,
    );
  }
}

/** @param {string} output */
function advice(output) {
  if (/No space left on device/.test(output)) return "Free some disk space and start again.";
  if (/Permission denied/.test(output)) return "Set DATA_DIR to a folder that can be written.";
  return "Mend that and start again, or set DATABASE_URL to a PostgreSQL of your own.";
}

/** @param {unknown} cause */
export const cannotRun = (cause) =>
  // The kernel reports a missing loader as a missing file: musl systems have no glibc loader.
  new SetupFailure(
    `The bundled PostgreSQL cannot run here (${/** @type {Error} */ (cause).message}). It needs glibc;\n` +
      "on Alpine and other musl systems set DATABASE_URL to a PostgreSQL of your own.",
    { cause },
  );
