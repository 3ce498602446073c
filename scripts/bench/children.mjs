import { execFileSync, fork, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../setup/free-port.mjs";
import { inRoot } from "../setup/paths.mjs";
import { giveFirstCore } from "./cores.mjs";

const PEERS = inRoot("scripts/bench/peers");
/** Where what only benchmarks need is installed, by a lock file of its own. */
const PEERS_HOME = inRoot("node_modules/.cache/bench-peers");
const LOCK = "package-lock.json";
const START_TRIES = 300;
const START_POLL_MS = 100;

/**
 * @template T what the program says when it serves
 * @typedef {T & { pid: number, stop: () => void }} Running
 */

/**
 * Starts a program that tells over a channel where it serves, on the core of what is measured.
 * @template {object} T
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<Running<T>>}
 */
export function startChild(program, args) {
  const child = fork(program, args, {
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${path.basename(program)} ended with ${code}`)));
    child.once("message", (said) => {
      giveFirstCore(child.pid);
      resolve({ .../** @type {T} */ (said), pid: child.pid ?? 0, stop: () => child.kill() });
    });
  });
}

/**
 * A peer with the packages of its own, which are installed when they are first asked for.
 * @template {object} T
 * @param {string} program within the folder of the peers
 * @param {string[]} args
 * @returns {Promise<Running<T>>}
 */
export function startPeer(program, args) {
  mkdirSync(PEERS_HOME, { recursive: true });
  const lock = path.join(PEERS_HOME, "node_modules", LOCK);
  const isInstalled = existsSync(lock) && read(lock) === read(path.join(PEERS, LOCK));
  for (const file of ["package.json", LOCK, program]) {
    cpSync(path.join(PEERS, file), path.join(PEERS_HOME, file));
  }
  if (!isInstalled) {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: PEERS_HOME,
      stdio: ["ignore", "ignore", "inherit"],
    });
    cpSync(path.join(PEERS, LOCK), lock);
  }
  return startChild(path.join(PEERS_HOME, program), args);
}

/** @param {string} file */
const read = (file) => readFileSync(file, "utf8");

/**
 * The framework with next to nothing in it, built in a folder of its own: within this tree it would take
 * the product's middleware for its own.
 * @param {string} dir empty
 * @param {string} authSecret
 * @returns {Promise<Running<{ url: string }>>}
 */
export async function startNextApp(dir, authSecret) {
  cpSync(path.join(PEERS, "next-app"), dir, { recursive: true });
  execFileSync("cp", ["-a", inRoot("node_modules"), dir]);
  const next = path.join(dir, "node_modules/next/dist/bin/next");
  const env = {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    AUTH_SECRET: authSecret,
  };
  execFileSync(process.execPath, [next, "build"], {
    cwd: dir,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const port = await freePort("127.0.0.1");
  const child = spawn(process.execPath, [next, "start", "-p", String(port), "-H", "127.0.0.1"], {
    cwd: dir,
    env,
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await isServing(`${url}/empty`)); tries += 1) {
    if (child.exitCode !== null || tries === START_TRIES)
      throw new Error("the Next app does not start");
    await sleep(START_POLL_MS);
  }
  giveFirstCore(child.pid);
  return { url, pid: child.pid ?? 0, stop: () => child.kill() };
}

/** @param {string} url */
const isServing = (url) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
