import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

export interface SyslogCollector {
  readonly port: number;
  /** What was read, each message without its length, in the order in which it came. */
  readonly messages: string[];
  close(): Promise<void>;
}

/** A collector on this machine that reads frames with their length before them (RFC 6587 §3.4.1). */
export async function aSyslogCollector({
  port = 0,
  certificate,
  onConnection,
}: {
  port?: number;
  certificate?: { key: string; cert: string };
  /** True takes the connection out of the collector's hands. */
  onConnection?: (socket: Socket) => boolean;
} = {}): Promise<SyslogCollector> {
  const messages: string[] = [];
  const take = (socket: Socket) => {
    socket.on("error", () => {});
    if (onConnection?.(socket)) return;
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const space = rest.indexOf(" ");
        const length = Number(rest.subarray(0, Math.max(space, 0)).toString());
        if (space < 1 || rest.length < space + 1 + length) return;
        messages.push(rest.subarray(space + 1, space + 1 + length).toString());
        rest = rest.subarray(space + 1 + length);
      }
    });
  };
  const server: Server =
    certificate === undefined ? createServer(take) : createTlsServer(certificate, take);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    messages,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
