import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SYSTEM_DIR, clusterPlace } from "./cluster-place.mjs";
import { claimFolder } from "./data-lock.mjs";
import { busyFolder } from "./data-folder.mjs";
import { freePort } from "./free-port.mjs";
import { postgresAccount } from "./postgres-account.mjs";
import { postgresBinaries } from "./postgres-binaries.mjs";
import { initialiseCluster } from "./postgres-initdb.mjs";
import { startPostgres, stopOrphan } from "./postgres-process.mjs";
import { ensureDatabase } from "./postgres-roles.mjs";
import { postgresPasswords } from "./postgres-secrets.mjs";

const HOST = "127.0.0.1";
const RECORD = "postgres.json";

/**
 * @typedef {object} EmbeddedPostgres
 * @property {string} url connection of the application's own role
 * @property {string} adminUrl connection of the superuser
 * @property {Promise<void>} exited
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the bundled PostgreSQL on a data folder that the caller holds, making
 * roles and database at the first start. After a crash it returns when
 * recovery is through.
 * @param {{ dataDir: string, throwaway?: boolean, note?: (text: string) => void }} options
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startEmbeddedPostgres({ dataDir, throwaway = false, note = () => {} }) {
  const account = postgresAccount();
  const place = clusterPlace(dataDir, account);
  const releasePlace = place === dataDir ? () => {} : await claimPlace(place);
  const clusterDir = path.join(place, "postgres");
  const passwords = postgresPasswords(dataDir);
  const cluster = {
    binaries: postgresBinaries(account && SYSTEM_DIR),
    clusterDir,
    account,
    throwaway,
  };
  await initialiseCluster({ ...cluster, password: passwords.administrator });
  await stopOrphan(clusterDir, note);
  const { server, port } = await startOnFreePort({
    ...cluster,
    note,
    logFile: path.join(dataDir, "postgres.log"),
    lastPort: readRecord(dataDir)?.port,
  });
  writeRecord(dataDir, { url: connection("gatehouse", port), port, pid: server.pid });
  const url = connection("gatehouse", port, passwords.application);
  const adminUrl = connection("postgres", port, passwords.administrator);
  await ensureDatabase({ url, adminUrl, password: passwords.application, mayCreate: throwaway });
  const stop = async () => {
    await server.stop();
    releasePlace();
  };
  return { url, adminUrl, exited: server.exited, stop };
}

/** @param {string} place */
async function claimPlace(place) {
  const claim = await claimFolder(place);
  if (claim.outcome === "busy") throw busyFolder(place, claim.pid);
  return claim.release;
}

/**
 * The port of the last start while it is free: open connections strings, such
 * as that of a database browser, go on working.
 * @param {Omit<import("./postgres-process.mjs").StartOptions, "port"> & { lastPort: number | undefined }} options
 */
async function startOnFreePort({ lastPort, ...options }) {
  for (let wanted = [lastPort]; ; wanted = []) {
    const port = await freePort(HOST, wanted);
    const started = await startPostgres({ ...options, port });
    if (started.outcome === "started") return { server: started.server, port };
  }
}

/**
 * @param {string} role
 * @param {number} port
 * @param {string} [password]
 */
const connection = (role, port, password) =>
  `postgresql://${role}${password ? `:${password}` : ""}@${HOST}:${port}/${role}`;

/**
 * The connection of a server that runs on this data folder, for a command
 * beside it.
 * @param {string} dataDir
 */
export function runningConnection(dataDir) {
  const record = readRecord(dataDir);
  return record && connection("gatehouse", record.port, postgresPasswords(dataDir).application);
}

/**
 * @param {string} dataDir
 * @returns {{ url: string, port: number, pid: number } | undefined}
 */
function readRecord(dataDir) {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, RECORD), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} dataDir
 * @param {{ url: string, port: number, pid: number }} record
 */
function writeRecord(dataDir, record) {
  const file = path.join(dataDir, RECORD);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
