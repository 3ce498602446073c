import { spawn } from "node:child_process";
import { endWithUs } from "../setup/end-with-us.mjs";
import { inRoot } from "../setup/paths.mjs";

/** @type {Map<import("node:child_process").ChildProcess, Promise<number>>} */
const running = new Map();

/**
 * Runs a Node program of the project in front of the user.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
export function runProgram(args, env) {
  const child = spawn(process.execPath, args, { cwd: inRoot(), env, stdio: "inherit" });
  endWithUs(child, "SIGTERM");
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
  running.set(child, ended);
  return ended.finally(() => running.delete(child));
}

/** Ends what runs, and returns when it no longer uses what it was given. */
export async function stopPrograms() {
  for (const [child, ended] of running) {
    child.kill("SIGTERM");
    await ended;
  }
}
