const PARENT_POLL_MS = 500;
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Resolves when somebody asks this process to stop: by Ctrl-C, by a signal, by
 * closing the terminal, or by ending the process that started it. Asking again
 * changes nothing, since a terminal and npm both pass on the same Ctrl-C.
 * @returns {Promise<"interrupted">}
 */
export const untilInterrupted = () =>
  new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve("interrupted"));
    if (process.connected) {
      process.on("disconnect", () => resolve("interrupted"));
      process.channel?.unref();
    }
    if (process.env["npm_lifecycle_event"]) whenParentEnds(() => resolve("interrupted"));
  });

/**
 * npm killed outright passes nothing on. Only npm's own children may conclude
 * from a lost parent that they should end; for others that is how a program is
 * put into the background.
 * @param {() => void} then
 */
function whenParentEnds(then) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, PARENT_POLL_MS);
  timer.unref();
}
