import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, vi } from "vitest";

export interface LogoutReceiver {
  /** The address that a client registers; known once the tests run. */
  uri(path?: string): string;
  /** What was posted since the test began. */
  readonly received: { method: string; type: string; path: string; form: URLSearchParams }[];
  /** The status of the next answers, 200 unless a test says otherwise. */
  status: number;
}

/** A client's endpoint for logout tokens, on this machine, for the tests of one file. */
export function aLogoutReceiver(): LogoutReceiver {
  let server: Server;
  let port = 0;
  const received: LogoutReceiver["received"] = [];
  const receiver: LogoutReceiver = {
    uri: (path = "/backchannel") => `http://127.0.0.1:${port}${path}`,
    received,
    status: 200,
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        received.push({
          method: request.method ?? "",
          type: request.headers["content-type"] ?? "",
          path: request.url ?? "",
          form: new URLSearchParams(body),
        });
        response.writeHead(receiver.status).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    port = (server.address() as AddressInfo).port;
    // Read once, by whatever asks for the configuration first.
    vi.stubEnv("OUTBOUND_ALLOWED_HOSTS", `127.0.0.1:${port}`);
  });
  afterEach(() => {
    received.length = 0;
    receiver.status = 200;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return receiver;
}
