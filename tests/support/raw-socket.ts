import { connect } from "node:net";

const SILENCE_MS = 3_000;

/**
 * Sends bytes as they are and returns what came back until the server closed,
 * or was silent for a while: for what no HTTP library would send.
 */
export function sendRaw(base: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding("latin1");
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on("data", (text: string) => {
      received += text;
    });
    socket.once("close", () => resolve(received));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(received);
      else reject(error);
    });
  });
}

/** The status of a raw answer; 0 when the connection was closed without one. */
export const statusOf = (raw: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(raw)?.[1] ?? 0);
