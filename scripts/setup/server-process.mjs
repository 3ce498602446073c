import { spawn } from "node:child_process";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupFailure } from "./failure.mjs";
import { inRoot } from "./paths.mjs";

/** Longer than the server gives requests under way; then it hangs. */
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 100;

/** @typedef {{ pid: number, exited: Promise<number>, stop: () => Promise<void> }} ServerProcess */

/**
 * Starts the built program and returns when it serves. It tells so over a
 * channel, and exits by itself when that channel closes.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [workers] how many processes share its port
 */
export const startServer = (env, workers) =>
  launch([inRoot("dist/server.mjs"), ...(workers ? ["--workers", workers] : [])], env, (child) => {
    return new Promise((resolve) => {
      child.on("message", (message) => {
        if (/** @type {{ type?: string }} */ (message).type === "ready") resolve();
      });
    });
  });

/**
 * Starts Next's development server and returns when it accepts connections.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ port: number, host: string }} address
 */
export const startDevServer = (env, { port, host }) =>
  launch(
    [inRoot("node_modules/next/dist/bin/next"), "dev", "-p", String(port), "-H", host],
    env,
    async () => {
      while (!(await accepts(host, port))) await sleep(POLL_MS);
    },
  );

/**
 * @param {readonly string[]} args of Node
 * @param {NodeJS.ProcessEnv} env
 * @param {(child: import("node:child_process").ChildProcess) => Promise<void>} untilServing
 * @returns {Promise<ServerProcess>}
 */
async function launch(args, env, untilServing) {
  const child = spawn(process.execPath, args, {
    cwd: inRoot(),
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Its own process group: Ctrl-C in a terminal reaches it once, through us, before the database.
    detached: true,
  });
  const endGroup = () => signalGroup(child, "SIGTERM");
  process.once("exit", endGroup);
  /** @type {Promise<number>} */
  const exited = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  void exited.finally(() => process.removeListener("exit", endGroup)).catch(() => {});
  const code = await Promise.race([untilServing(child), exited]);
  if (code !== undefined) {
    throw new SetupFailure("The server ended while starting.", { exitCode: code || 1 });
  }
  return { pid: child.pid ?? 0, exited, stop: () => stop(child, exited) };
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {Promise<number>} exited
 */
async function stop(child, exited) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // At a terminal it was Ctrl-C, and nobody is in front who would need time to notice.
  child.kill(process.stdin.isTTY ? "SIGINT" : "SIGTERM");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
const accepts = (host, port) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
