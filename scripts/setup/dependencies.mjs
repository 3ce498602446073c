// Runs before anything is installed, on any Node >= 20: nothing but Node's own modules.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { SetupFailure } from "./failure.mjs";
import { inRoot, ROOT } from "./paths.mjs";
import { step } from "./progress.mjs";

const OUTPUT_LINES_SHOWN = 25;

/**
 * Installs exactly what package-lock.json names, when something of it is
 * missing or another version than it says.
 */
export async function ensureDependencies() {
  if (areDependenciesCurrent()) return;
  await step("Installing dependencies", (note) => installDependencies(note));
}

/**
 * Compares the lock file with the one that npm leaves in node_modules at the
 * end of a complete install, whoever started it.
 * @param {string} [root]
 */
export function areDependenciesCurrent(root = ROOT) {
  const wanted = readLock(path.join(root, "package-lock.json"));
  const installed = readLock(path.join(root, "node_modules/.package-lock.json"));
  if (!installed) return false;
  return Object.entries(wanted ?? {}).every(([name, { version, optional }]) => {
    if (name === "") return true;
    const found = installed[name];
    return found ? found.version === version : optional === true;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
const readLock = (file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;

/** @param {import("./progress.mjs").Note} note */
async function installDependencies(note) {
  const [command, ...prefix] = npmCommand();
  // Not `npm ci`: it refuses the lock file wherever the registry lacks a binary for some other
  // platform. `install --no-save` installs the locked versions all the same and writes nothing.
  // Development dependencies build the program, so NODE_ENV=production must not leave them out.
  const args = [
    ...prefix,
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--include=dev",
    "--include=optional",
    // A line for each download: the only sign of life that npm gives to a pipe.
    "--loglevel=http",
  ];
  const child = spawn(/** @type {string} */ (command), args, {
    cwd: ROOT,
    env: installEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  let downloads = 0;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      if (!line.startsWith("npm http")) output += `${line}\n`;
      else if (/ (GET|fetch|cache) /.test(line)) note(`${(downloads += 1)} packages asked for`);
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  }).catch((error) => {
    throw new SetupFailure(
      `npm could not be started (${error.message}). Install npm and try again.`,
    );
  });
  if (code !== 0) throw installFailure(output);
}

/** The npm that started us, with the Node that runs it; else the one in PATH. */
function npmCommand() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  if (cli?.endsWith(".js") && node && existsSync(node) && !node.startsWith(ROOT))
    return [node, cli];
  return ["npm"];
}

/**
 * Without node_modules/.bin in PATH: npm removes that folder first, and would
 * lose the Node it runs on. Prisma's install script is kept from downloading
 * an engine that set-up does not use.
 */
function installEnvironment() {
  const own = inRoot("node_modules");
  const search = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((dir) => !dir.startsWith(own))
    .join(path.delimiter);
  return { ...process.env, PATH: search, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
}

/** @param {string} output */
function installFailure(output) {
  const tail = output.trim().split("\n").slice(-OUTPUT_LINES_SHOWN).join("\n");
  const advice = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|network/.test(output)
    ? "The npm registry cannot be reached. Check the network or npm's proxy settings and try again."
    : /ENOSPC/.test(output)
      ? "The disk is full. Free some space and try again."
      : /EACCES|EPERM/.test(output)
        ? `${ROOT} cannot be written by this user. Change its owner, or start as that user.`
        : "Mend that and try again.";
  return new SetupFailure(
    `The dependencies could not be installed. npm says:\n\n${tail}\n\n${advice}`,
  );
}
