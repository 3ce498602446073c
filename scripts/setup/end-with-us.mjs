/**
 * Ends a child when this process ends in any way that lets it act. Children in
 * a process group of their own would otherwise outlive an error or a Ctrl-C in
 * the middle of set-up.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function endWithUs(child, signal) {
  const end = () => void child.kill(signal);
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
}
