// Runs on any Node >= 20: nothing but Node's own modules.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { SetupFailure } from "./failure.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { inRoot } from "./paths.mjs";

const EXIT_INTERRUPTED = 130;
const SUPPORTED = [22, 12];

/**
 * Goes on under the Node that the project pins as a dependency, so that the
 * program runs on one version wherever it is started. Returns when this
 * process is already that one; otherwise runs `script` under it, hands on
 * signals and the exit code, and does not return.
 * @param {string} script
 * @param {readonly string[]} args
 */
export async function continueOnPinnedNode(script, args) {
  const manifest = inRoot("node_modules/node/package.json");
  const pinned = existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version;
  if (process.versions.node === pinned) return;
  const program = inRoot("node_modules/node/bin/node");
  if (!existsSync(program) || spawnSync(program, ["--version"]).status !== 0) {
    // Install scripts may be switched off, or the package may have no build for this platform.
    requireSupportedNode(pinned || "24");
    return;
  }
  process.exit(await runUnder(program, script, args));
}

/** @param {string} pinned */
function requireSupportedNode(pinned) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = SUPPORTED;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new SetupFailure(
    `Node ${process.versions.node} is too old, and the pinned Node ${pinned} could not be installed.\n` +
      "Allow npm to run install scripts (npm config get ignore-scripts) or install Node 24.",
  );
}

/**
 * @param {string} program
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function runUnder(program, script, args) {
  const search = [path.dirname(program), process.env["PATH"]].join(path.delimiter);
  // The channel tells the child when this process is gone, even by kill -9.
  const child = spawn(program, [script, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: search },
  });
  void untilInterrupted().then(() => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // No code: a signal ended it before it could listen for one.
    child.once("exit", (code) => resolve(code ?? EXIT_INTERRUPTED));
  });
}
