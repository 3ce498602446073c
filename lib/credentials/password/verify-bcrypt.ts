import "server-only";
import "#node-only";
import { Worker } from "node:worker_threads";

// bcryptjs computes on the calling thread: at cost 12 one verification would
// hold every other request for a third of a second (D10).
const PROGRAM = `
  const { parentPort, workerData } = require("node:worker_threads");
  const bcrypt = require("bcryptjs");
  const { stored, password } = workerData;
  bcrypt.compare(password, stored).then(
    (matches) => parentPort.postMessage(matches),
    () => parentPort.postMessage(false),
  );
`;

/** bcrypt reads no more than 72 bytes; a longer password never made the hash. */
const BYTES_MAX = 72;

/** Compares with an imported bcrypt hash, on a thread of its own. False for a malformed hash. */
export function verifyBcrypt(stored: string, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > BYTES_MAX) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { stored, password },
    });
    worker.once("message", (matches: unknown) => resolve(matches === true));
    worker.once("error", reject);
    worker.once("exit", () => resolve(false));
  });
}
