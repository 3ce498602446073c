import { accessSync, constants, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { claimFolder } from "./data-lock.mjs";
import { SetupFailure } from "./failure.mjs";
import { inRoot } from "./paths.mjs";

/**
 * Makes the data folder and holds it until released, or says who does.
 * @param {string} setting DATA_DIR
 */
export async function holdDataFolder(setting) {
  const dir = dataFolder(setting);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    const claim = await claimFolder(dir);
    if (claim.outcome === "busy") throw busyFolder(dir, claim.pid);
    return { dir, release: claim.release };
  } catch (error) {
    throw unwritable(dir, error);
  }
}

/** @param {string} setting */
export const dataFolder = (setting) => path.resolve(inRoot(), setting);

/**
 * @param {string} dir
 * @param {number} pid
 */
export const busyFolder = (dir, pid) =>
  new SetupFailure(
    `Another Gatehouse (process ${pid}) is running on the data folder ${dir}.\n` +
      `Stop it first (Ctrl-C where it runs, or \`kill ${pid}\`), or start this one with DATA_DIR set to another folder.`,
  );

const UNWRITABLE = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"]);

/**
 * @param {string} dir
 * @param {unknown} error
 */
function unwritable(dir, error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  if (!code || !UNWRITABLE.has(code)) return error;
  return new SetupFailure(
    `The data folder ${dir} cannot be written by ${os.userInfo().username} (${code}).\n` +
      "Give it to that user (chown), or set DATA_DIR to a folder that can be written.",
    { cause: error },
  );
}
