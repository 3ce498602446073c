import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { clusterPlace, SYSTEM_DIR } from "./cluster-place.mjs";
import { busyFolder } from "./data-folder.mjs";
import { claimFolder } from "./data-lock.mjs";
import { freePort } from "./free-port.mjs";
import { keepRunning } from "./keep-running.mjs";
import { postgresAccount } from "./postgres-account.mjs";
import { postgresBinaries } from "./postgres-binaries.mjs";
import { initialiseCluster } from "./postgres-initdb.mjs";
import { startPostgres, stopOrphan } from "./postgres-process.mjs";
import { canConnect, ensureDatabase } from "./postgres-roles.mjs";
import { postgresPasswords } from "./postgres-secrets.mjs";

const HOST = "127.0.0.1";
const RECORD = "postgres.json";

/**
 * @typedef {object} EmbeddedPostgres
 * @property {string} url connection of the application's own role
 * @property {string} adminUrl connection of the superuser
 * @property {Promise<unknown>} failed resolves to the reason when it ended and could not be started again
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the bundled PostgreSQL on a data folder that the caller holds, making
 * roles and database at the first start. After a crash it returns when
 * recovery is through. A server that dies later is started again on its port.
 * @param {{ dataDir: string, throwaway?: boolean, shortLived?: boolean, note?: (text: string) => void }} options
 *   `shortLived` is for databases of one test file each
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startEmbeddedPostgres({
  dataDir,
  throwaway = false,
  shortLived = false,
  note = () => {},
}) {
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
    shortLived,
    note,
    logFile: path.join(dataDir, "postgres.log"),
  };
  await initialiseCluster({ ...cluster, password: passwords.administrator });
  await stopOrphan(clusterDir, note);
  const { server, port } = await startOnFreePort(cluster, readRecord(dataDir)?.port);
  const record = (/** @type {number} */ pid) =>
    writeRecord(dataDir, { url: connection("gatehouse", port), port, pid });
  record(server.pid);
  const keeper = keepRunning(server, async () => {
    await stopOrphan(clusterDir, () => {});
    const again = await startPostgres({ ...cluster, port, note: () => {} });
    if (again.outcome === "busy-port") throw new Error(`port ${port} was taken meanwhile`);
    record(again.server.pid);
    return again.server;
  });
  const url = connection("gatehouse", port, passwords.application);
  const adminUrl = connection("postgres", port, passwords.administrator);
  await ensureDatabase({ url, adminUrl, password: passwords.application, mayCreate: throwaway });
  const stop = async () => {
    await keeper.stop();
    releasePlace();
  };
  return { url, adminUrl, failed: keeper.failed, stop };
}

/** @param {string} place */
async function claimPlace(place) {
  const claim = await claimFolder(place);
  if (claim.outcome === "busy") throw busyFolder(place, claim.pid);
  return claim.release;
}

/**
 * The port of the last start while it is free: connections written down
 * elsewhere, such as that of a database browser, go on working.
 * @param {Omit<import("./postgres-process.mjs").StartOptions, "port">} options
 * @param {number | undefined} lastPort
 */
async function startOnFreePort(options, lastPort) {
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
 * The connection of the server that runs on this data folder, for a command
 * beside it; undefined while none accepts connections.
 * @param {string} dataDir
 */
export async function runningConnection(dataDir) {
  const record = readRecord(dataDir);
  if (!record) return undefined;
  const url = connection("gatehouse", record.port, postgresPasswords(dataDir).application);
  return (await canConnect(url).catch(() => false)) ? url : undefined;
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
