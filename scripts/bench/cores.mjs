import { spawnSync } from "node:child_process";
import os from "node:os";

const CORES = os.availableParallelism();
const canPin = CORES > 1 && spawnSync("taskset", ["-V"], { stdio: "ignore" }).status === 0;

/** Whether what is measured has a core that nothing else uses. */
export const coresAreSeparate = canPin;

/**
 * Leaves the first core to what is measured: this process, and whatever it starts from now on, uses
 * the others. Without `taskset`, or with one core, all share what there is.
 */
export function leaveFirstCore() {
  if (canPin) pin(process.pid, CORES === 2 ? "1" : `1-${CORES - 1}`);
}

/**
 * Gives a process that is measured the first core, with all its threads.
 * @param {number | undefined} pid
 */
export function giveFirstCore(pid) {
  if (canPin && pid !== undefined) pin(pid, "0");
}

/**
 * @param {number} pid
 * @param {string} cores
 */
function pin(pid, cores) {
  const { status } = spawnSync("taskset", ["-a", "-cp", cores, String(pid)], { stdio: "ignore" });
  if (status !== 0) throw new Error(`taskset could not move ${pid} to ${cores}`);
}
