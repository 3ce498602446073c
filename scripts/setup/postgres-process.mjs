import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs } from "./end-with-us.mjs";
import { SetupFailure } from "./failure.mjs";
import { cannotRun, POSTGRES_ENVIRONMENT } from "./postgres-initdb.mjs";
import { readPostmasterFile, runningPostmaster } from "./postmaster-file.mjs";

const POLL_MS = 25;
/** After that a start is worth a word: most likely it recovers from a crash. */
const QUIET_START_MS = 1_000;
/** A fast shutdown writes a checkpoint; a slow disk may need a while for it. */
const FAST_STOP_SECONDS = 60;
const LOG_BYTES_MAX = 10_000_000;
/** Backends of a killed server go within moments, and hold its shared memory until then. */
const LEFTOVER_ATTEMPTS_MAX = 40;
const LEFTOVER_WAIT_MS = 250;

/**
 * @typedef {import("./postgres-initdb.mjs").ClusterOptions & { logFile: string, port: number, shortLived?: boolean, note: (text: string) => void }} StartOptions
 * @typedef {{ pid: number, exited: Promise<void>, stop: () => Promise<void> }} PostgresProcess
 */

/**
 * Starts the server and returns when it accepts connections, crash recovery
 * included. `busy-port` when somebody else has taken the port meanwhile.
 * @param {StartOptions} options
 * @returns {Promise<{ outcome: "started", server: PostgresProcess } | { outcome: "busy-port" }>}
 */
export async function startPostgres(options) {
  for (let attempt = 1; ; attempt += 1) {
    const log = openLog(options.logFile);
    const child = launch(options, log.descriptor);
    closeSync(log.descriptor);
    endWithUs(child, "SIGINT");
    const state = await untilReady(child, options);
    if (state === "ready") return { outcome: "started", server: supervise(child) };
    const output = readFileSync(options.logFile, "utf8").slice(log.size);
    if (/could not bind IPv4 address|Address already in use/.test(output)) {
      return { outcome: "busy-port" };
    }
    const isLeftover = /pre-existing shared memory block|lock file .* already exists/.test(output);
    if (!isLeftover || attempt >= LEFTOVER_ATTEMPTS_MAX) throw explain(output, options);
    await sleep(LEFTOVER_WAIT_MS);
  }
}

/** @param {string} file */
function openLog(file) {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES_MAX) rmSync(file);
  return { descriptor: openSync(file, "a", 0o600), size: size > LOG_BYTES_MAX ? 0 : size };
}

/**
 * A database of one test file asks few things often: it plans each once, and is gone before it would be
 * tidied. How many rows it reads for a page is the same each time, as no second process reads ahead.
 */
const FOR_SHORT_LIVES = {
  plan_cache_mode: "force_generic_plan",
  autovacuum: "off",
  max_parallel_workers_per_gather: "0",
};

/**
 * @param {StartOptions} options
 * @param {number} logDescriptor
 */
function launch({ binaries, clusterDir, account, throwaway, shortLived, port }, logDescriptor) {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // No socket file: its folder would have to be reachable and short enough on every system.
    unix_socket_directories: "",
    max_connections: "60",
    shared_buffers: "64MB",
    max_wal_size: "512MB",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_startup_progress_interval: "2s",
    // An acknowledged commit survives a crash; said here because everything rests on it.
    ...(throwaway
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }
      : { fsync: "on", synchronous_commit: "on", full_page_writes: "on" }),
    ...(shortLived && FOR_SHORT_LIVES),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawn(path.join(binaries, "bin/postgres"), ["-D", clusterDir, ...args], {
    cwd: "/",
    env: POSTGRES_ENVIRONMENT,
    stdio: ["ignore", logDescriptor, logDescriptor],
    // Its own process group: Ctrl-C in a terminal must reach it after the server, through us.
    detached: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  });
}

/**
 * Resolves to "ready", or to "ended" when the server ended first.
 * @param {import("node:child_process").ChildProcess} child
 * @param {StartOptions} options
 * @returns {Promise<"ready" | "ended">}
 */
async function untilReady(child, { clusterDir, logFile, note }) {
  /** @type {Promise<"ended">} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", (error) => reject(cannotRun(error))).once("exit", () => resolve("ended"));
  });
  const startedAt = Date.now();
  for (;;) {
    const file = readPostmasterFile(clusterDir);
    if (file?.pid === child.pid && file?.ready) return "ready";
    if (Date.now() - startedAt > QUIET_START_MS) note(lastMessage(logFile));
    if ((await Promise.race([ended, sleep(POLL_MS)])) === "ended") return "ended";
  }
}

/** @param {string} logFile */
const lastMessage = (logFile) =>
  readFileSync(logFile, "utf8")
    .trimEnd()
    .split("\n")
    .at(-1)
    ?.replace(/^.*?\bLOG:\s*/, "") ?? "";

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {PostgresProcess}
 */
function supervise(child) {
  /** @type {Promise<void>} */
  const exited = new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  const pid = /** @type {number} */ (child.pid);
  return { pid, exited, stop: () => stopPostmaster(pid, exited) };
}

/**
 * Stops the server of this cluster that an earlier supervisor left behind when
 * it was killed.
 * @param {string} clusterDir
 * @param {(text: string) => void} note
 */
export async function stopOrphan(clusterDir, note) {
  const pid = runningPostmaster(clusterDir);
  if (pid === undefined) {
    // It names no server of ours, but PostgreSQL would honour it if any process has that id.
    rmSync(path.join(clusterDir, "postmaster.pid"), { force: true });
    return;
  }
  note("stopping the server that a killed start left behind");
  await stopPostmaster(pid, untilGone(pid, clusterDir));
}

/**
 * @param {number} pid
 * @param {string} clusterDir
 */
async function untilGone(pid, clusterDir) {
  while (runningPostmaster(clusterDir) === pid) await sleep(POLL_MS);
}

/**
 * SIGINT ends sessions and writes a checkpoint; SIGQUIT ends at once and leaves
 * the rest to recovery. Neither loses what was acknowledged.
 * @param {number} pid
 * @param {Promise<void>} gone
 */
async function stopPostmaster(pid, gone) {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGQUIT"])) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const timeout = sleep(FAST_STOP_SECONDS * 1_000, "late", { ref: false });
    if ((await Promise.race([gone, timeout])) !== "late") return;
  }
}

/**
 * @param {string} output
 * @param {StartOptions} options
 */
function explain(output, { logFile, clusterDir }) {
  const lines = output.trim().split("\n");
  const fatal = lines.filter((line) => /FATAL|PANIC|DETAIL|HINT/.test(line));
  const said = (fatal.length > 0 ? fatal : lines).slice(-6).join("\n");
  const what = [
    [
      /No space left on device/,
      "The disk is full. Free some space and start again; nothing acknowledged is lost.",
    ],
    [
      /database files are incompatible/,
      `The database in ${clusterDir} was made by another version of PostgreSQL. Go back to the Gatehouse release that made it, export the data, and import it here.`,
    ],
    [
      /Permission denied/,
      `PostgreSQL may not read its files in ${clusterDir}. Give them back to their owner, or set DATA_DIR to another folder.`,
    ],
    [
      /could not map anonymous shared memory|Cannot allocate memory/,
      "There is not enough memory for PostgreSQL. Free some and start again.",
    ],
  ].find(([pattern]) => /** @type {RegExp} */ (pattern).test(output));
  return new SetupFailure(
    `The embedded PostgreSQL did not start. It says:\n\n${said}\n\n${what?.[1] ?? `The whole story is in ${logFile}.`}`,
  );
}
