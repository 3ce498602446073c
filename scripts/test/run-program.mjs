import { spawn } from "node:child_process";
import { endWithUs } from "../setup/end-with-us.mjs";
import { inRoot } from "../setup/paths.mjs";

/**
 * Runs a Node program of the project in front of the user.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
export function runProgram(args, env) {
  const child = spawn(process.execPath, args, { cwd: inRoot(), env, stdio: "inherit" });
  endWithUs(child, "SIGTERM");
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}
