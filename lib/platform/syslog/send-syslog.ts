import "server-only";
import "#node-only";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { SyslogTarget } from "@/lib/platform/syslog/syslog-target";

/** From the first byte to the last one, the collector's end included. */
const TIMEOUT_MS = 20_000;

/**
 * Sends frames in their order and returns when the collector has read them all. Syslog knows no
 * receipt, and what was written to a connection may have gone nowhere: so each batch has a
 * connection of its own, which we end, and a collector ends its side when it has read up to there.
 * Throws when it does not, whatever of it arrived. The certificate of a collector has to be good
 * for its name; `ca` stands in for the authorities that the program knows.
 */
export function sendSyslog(
  { tls, host, port }: SyslogTarget,
  frames: readonly Buffer[],
  { ca }: { ca?: string } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = tls
      ? connectTls({ host, port, ...(ca && { ca }), ...(isIP(host) === 0 && { servername: host }) })
      : connectPlain({ host, port });
    let readAll = false;
    const timer = setTimeout(
      () => socket.destroy(new Error("the collector did not read it all in time")),
      TIMEOUT_MS,
    );
    socket.once(tls ? "secureConnect" : "connect", () => {
      socket.end(Buffer.concat(frames));
    });
    // Nothing is said to us; but without reading, the end is not seen.
    socket.resume();
    socket.once("end", () => {
      readAll = socket.writableFinished;
    });
    socket.once("error", reject);
    socket.once("close", () => {
      clearTimeout(timer);
      if (readAll) resolve();
      else reject(new Error("the collector ended the connection early"));
    });
  });
}
