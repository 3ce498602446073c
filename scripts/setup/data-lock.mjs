import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupFailure } from "./failure.mjs";
import { processStart } from "./process-identity.mjs";

const HELD = "held";
const ATTEMPTS_MAX = 200;
const BACKOFF_MS = 40;
const BUSY_WAIT_MS = 250;

/** @typedef {{ file: string, pid: number, start: string }} Claim */

/**
 * Lets one process at a time hold a folder.
 *
 * Every process writes a claim of its own and then looks for those of others:
 * of two that start at once at least one sees the other, and steps back. No
 * file is ever taken over, so nothing can be removed that has just become
 * somebody else's; the claim of a dead process (by id and start time) counts
 * for nothing and is swept.
 * @param {string} dir the folder to hold; claims live in its subfolder `lock`
 * @returns {Promise<{ outcome: "held", release: () => void } | { outcome: "busy", pid: number }>}
 */
export async function claimFolder(dir) {
  const lockDir = path.join(dir, "lock");
  mkdirSync(lockDir, { recursive: true, mode: 0o700 });
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const own = writeClaim(lockDir);
    const others = liveClaims(lockDir).filter((claim) => claim.file !== own.file);
    if (others.length === 0) {
      writeSync(own.descriptor, HELD);
      closeSync(own.descriptor);
      return { outcome: "held", release: () => rmSync(own.file, { force: true }) };
    }
    closeSync(own.descriptor);
    rmSync(own.file, { force: true });
    const holder = others.find((claim) => isHeld(claim));
    if (holder) return { outcome: "busy", pid: holder.pid };
    await sleep(BACKOFF_MS * (1 + Math.random()));
  }
  throw new SetupFailure(`${dir} is claimed by several processes at once. Try again in a moment.`);
}

/**
 * Holds a folder as soon as nobody else does.
 * @param {string} dir
 * @param {() => void} onWait called while somebody else holds it
 */
export async function waitForFolder(dir, onWait) {
  for (;;) {
    const claim = await claimFolder(dir);
    if (claim.outcome === "held") return claim.release;
    onWait();
    await sleep(BUSY_WAIT_MS);
  }
}

/**
 * The process that holds a folder now.
 * @param {string} dir
 * @returns {number | undefined}
 */
export function folderHolder(dir) {
  return liveClaims(path.join(dir, "lock")).find((claim) => isHeld(claim))?.pid;
}

/** @param {string} lockDir */
function writeClaim(lockDir) {
  const start = processStart(process.pid) ?? "unknown";
  const name = `${process.pid}-${start}-${randomBytes(4).toString("hex")}`;
  const file = path.join(lockDir, name);
  return { file, descriptor: openSync(file, "wx", 0o600) };
}

/**
 * @param {string} lockDir
 * @returns {Claim[]}
 */
function liveClaims(lockDir) {
  const claims = listed(lockDir).map((name) => {
    const [pid, start = ""] = name.split("-");
    return { file: path.join(lockDir, name), pid: Number(pid), start };
  });
  const isLive = (/** @type {Claim} */ claim) => processStart(claim.pid) === claim.start;
  for (const claim of claims) if (!isLive(claim)) rmSync(claim.file, { force: true });
  return claims.filter(isLive);
}

/** @param {string} lockDir */
function listed(lockDir) {
  try {
    return readdirSync(lockDir);
  } catch {
    return [];
  }
}

/** @param {Claim} claim */
function isHeld(claim) {
  try {
    return readFileSync(claim.file, "utf8") === HELD;
  } catch {
    return false;
  }
}
