import { SetupFailure } from "./failure.mjs";
import { listenOnce } from "./free-port.mjs";

/** The machine has no such address, for one without IPv6: the server leaves it out as well. */
const ABSENT = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/**
 * Fails when the server could not listen, before the long steps and not after.
 * @param {{ port: number, hosts: readonly (string | undefined)[] }} address
 */
export async function requireFreePort({ port, hosts }) {
  for (const host of hosts) {
    const probe = await listenOnce(host, port);
    if (probe.outcome === "free" || ABSENT.has(probe.error.code ?? "")) continue;
    throw explain(port, probe.error);
  }
}

/**
 * @param {number} port
 * @param {NodeJS.ErrnoException} error
 */
function explain(port, error) {
  if (error.code === "EADDRINUSE") {
    return new SetupFailure(
      `Port ${port} is in use by another program.\n` +
        `Stop that program, or choose another port: PORT=${port + 1} npm start`,
    );
  }
  if (error.code === "EACCES") {
    return new SetupFailure(
      `Port ${port} may not be used by this user: ports below 1024 need privileges.\n` +
        "Choose a higher one, and put a proxy in front: PORT=3000 npm start",
    );
  }
  return new SetupFailure(
    `Port ${port} cannot be used: ${error.message}. Choose another with PORT.`,
  );
}
