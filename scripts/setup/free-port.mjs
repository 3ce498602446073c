import net from "node:net";

/**
 * The first of the wanted ports that nothing listens on, else any free one.
 * @param {string} host
 * @param {readonly (number | undefined)[]} wanted
 * @returns {Promise<number>}
 */
export async function freePort(host, wanted = []) {
  for (const port of wanted) {
    if (port && (await listenOnce(host, port)).outcome === "free") return port;
  }
  const any = await listenOnce(host, 0);
  if (any.outcome !== "free") throw any.error;
  return any.port;
}

/**
 * Whether a server could listen there now, and if not, why.
 * @param {string | undefined} host undefined means all addresses
 * @param {number} port
 * @returns {Promise<{ outcome: "free", port: number } | { outcome: "refused", error: NodeJS.ErrnoException }>}
 */
export const listenOnce = (host, port) =>
  new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", (error) => resolve({ outcome: "refused", error }));
    probe.listen({ port, host, exclusive: true }, () => {
      const address = /** @type {net.AddressInfo} */ (probe.address());
      probe.close(() => resolve({ outcome: "free", port: address.port }));
    });
  });
