import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { endWithUs } from "./end-with-us.mjs";
import { SetupFailure } from "./failure.mjs";
import { inRoot } from "./paths.mjs";

const PROGRAM = inRoot("dist/cli.mjs");
// Of how libraries call each other, which nobody who types a command can mend.
const QUIET = "--disable-warning=DeprecationWarning";

/**
 * Runs a command of the built command line in front of the user.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
export function runCommand(args, env) {
  const child = spawn(process.execPath, [QUIET, PROGRAM, ...args], { env, stdio: "inherit" });
  endWithUs(child, "SIGTERM");
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a command of the built command line and returns what it printed.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function runCommandQuietly(args, env) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithUs(child, "SIGTERM");
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const [code, said, problem] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) {
    throw new SetupFailure(`${said}${problem}`.trim() || `gatehouse ${args.join(" ")} failed.`, {
      exitCode: code ?? 1,
    });
  }
  return said.trim();
}

/**
 * Brings permissions and default roles up to date. Returns what it has to say:
 * on an empty database the one-time link for the first administrator.
 * @param {NodeJS.ProcessEnv} env
 */
export const syncPermissions = (env) => runCommandQuietly(["sync"], env);
