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
  });
