import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerFastLane } from "@/app/fast-lane";
import { inRequestSpan } from "@/lib/platform/tracing/request-span";

/** The machine paths behind node:http, as our own server has them. */
export async function aTracedServer(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    inRequestSpan(request, response, () => {
      answerFastLane(request, response).then(
        (answered) => {
          if (!answered) response.writeHead(404).end();
        },
        () => response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
