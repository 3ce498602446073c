import http from "node:http";
import { freePort } from "./program";

export interface Balancer {
  url: string;
  port: number;
  /** Requests are answered by these in turn, as no balancer of the world would: each by another one. */
  serve: (instances: string[]) => void;
  /** How many requests each instance was sent. */
  counts: () => Map<string, number>;
  stop: () => Promise<void>;
}

/** A balancer that sends every request to another instance than the one before (FLT-20). */
export async function startBalancer(): Promise<Balancer> {
  const port = await freePort();
  const agent = new http.Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  let instances: string[] = [];
  let turn = 0;

  const pass = (request: http.IncomingMessage, response: http.ServerResponse, left: number) => {
    const instance = instances[turn % instances.length];
    turn += 1;
    if (instance === undefined || left === 0) {
      response.writeHead(502).end();
      return;
    }
    const { hostname, port: to } = new URL(instance);
    const { method, url: path, headers } = request;
    const forwarded = http.request({ hostname, port: to, method, path, headers, agent });
    forwarded.once("response", (answer) => {
      counts.set(instance, (counts.get(instance) ?? 0) + 1);
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
      answer.once("error", () => response.destroy());
    });
    forwarded.once("error", (error: NodeJS.ErrnoException) => {
      // Nothing was sent where nobody listens: another one may be asked, whatever is asked for.
      if (error.code === "ECONNREFUSED" && !response.headersSent) pass(request, response, left - 1);
      else response.destroy();
    });
    // Of an answer that was sent the connection is somebody else's by now.
    response.once("close", () => {
      if (!response.writableFinished) forwarded.destroy();
    });
    request.pipe(forwarded);
  };

  const server = http.createServer((request, response) =>
    pass(request, response, instances.length),
  );
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return {
    url: `http://localhost:${port}`,
    port,
    serve: (next) => {
      instances = next;
    },
    counts: () => counts,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
