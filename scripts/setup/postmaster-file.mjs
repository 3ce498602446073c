import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";

/**
 * What a running server writes into its cluster (src/include/utils/pidfile.h):
 * line 1 its process id, line 4 its port, line 8 its state.
 * @param {string} clusterDir
 * @returns {{ pid: number, port: number, ready: boolean } | undefined}
 */
export function readPostmasterFile(clusterDir) {
  try {
    const lines = readFileSync(path.join(clusterDir, "postmaster.pid"), "utf8").split("\n");
    const pid = Math.abs(Number(lines[0]));
    return pid > 0
      ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The process id of a server that really runs on this cluster. A file left
 * behind by a crash may name a process id that is somebody else's by now, and
 * a copied cluster names the server of the original.
 * @param {string} clusterDir
 */
export function runningPostmaster(clusterDir) {
  const found = readPostmasterFile(clusterDir);
  return found && worksIn(found.pid, clusterDir) ? found.pid : undefined;
}

/**
 * @param {number} pid
 * @param {string} clusterDir
 */
function worksIn(pid, clusterDir) {
  if (process.platform === "linux") {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.includes(clusterDir);
}
