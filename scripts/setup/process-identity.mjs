import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process started, as a short text that is equal for the same process
 * only. A process id alone proves nothing: after a reboot or a crash it soon
 * belongs to somebody else. Undefined when there is no such process.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processStart(pid) {
  if (!exists(pid)) return undefined;
  if (process.platform === "linux") return linuxStart(pid);
  if (process.platform === "win32") return "unknown";
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim().replaceAll(/\W+/g, "") || undefined;
}

/** @param {number} pid */
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** @param {number} pid */
function linuxStart(pid) {
  try {
    // proc(5): the command in parentheses may hold anything, so count from its end.
    // Field 3 is the state (Z: dead, waiting for its parent), field 22 the start in ticks since boot.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    return `${fields[19]}${boot}`;
  } catch {
    return undefined;
  }
}
