const RESTARTS_MAX = 3;
const RESTARTS_WINDOW_MS = 60_000;

/** @typedef {import("./postgres-process.mjs").PostgresProcess} PostgresProcess */

/**
 * Starts a server again that ends without having been stopped: killed for
 * memory, say, while the program beside it lives and has only lost its
 * connections. One that keeps dying is given up, and `failed` tells why.
 * @param {PostgresProcess} first
 * @param {() => Promise<PostgresProcess>} startAgain
 */
export function keepRunning(first, startAgain) {
  let server = first;
  let stopping = false;
  /** @type {number[]} */
  let restarts = [];
  /** @type {Promise<void>} */
  let restarting = Promise.resolve();

  const watch = async () => {
    for (;;) {
      await server.exited;
      if (stopping) return new Promise(() => {});
      const now = Date.now();
      restarts = [...restarts.filter((at) => now - at < RESTARTS_WINDOW_MS), now];
      if (restarts.length > RESTARTS_MAX) return new Error("the embedded PostgreSQL keeps ending");
      process.stderr.write("The embedded PostgreSQL ended unexpectedly; starting it again.\n");
      const next = startAgain();
      restarting = next.then(
        () => {},
        () => {},
      );
      try {
        server = await next;
      } catch (error) {
        return error;
      }
    }
  };

  return {
    failed: watch(),
    stop: async () => {
      stopping = true;
      await restarting;
      await server.stop();
    },
  };
}
