import { createServer, type Server } from "node:http";
import next from "next";
import { answerFastLane } from "@/app/fast-lane";
import { startJobs } from "@/app/jobs";
import { boot } from "@/lib/platform/boot";
import { ConfigurationError, EXIT_CONFIGURATION, getConfig } from "@/lib/platform/config";
import { DatabaseNotDurable } from "@/lib/platform/db/durability";
import { pool } from "@/lib/platform/db/pool";
import { TenantWallMissing } from "@/lib/platform/db/tenant-wall";
import { prepareForNext } from "@/lib/platform/http/next-mount";
import { announcesTooMuch, unservable } from "@/lib/platform/http/unservable";
import { log } from "@/lib/platform/log";

/** A request that is not whole by then is dropped (ATK-61). */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than a load balancer's, so that it never reuses a connection that we close. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** As for the API, and what `serverActions.bodySizeLimit` allows. */
const BODY_BYTES_MAX = 64 * 1024;
/** Requests under way get this long to end after SIGTERM. */
const DRAIN_TIMEOUT_MS = 8_000;

async function main(): Promise<void> {
  const config = getConfig();
  await boot();
  // Next sends a server action that only another page's code knows to this
  // address: to ourselves, and never out and back through whatever is in front.
  process.env["__NEXT_PRIVATE_ORIGIN"] = `http://${innerHost(config.host)}:${config.port}`;
  const app = next({
    dev: false,
    hostname: config.appUrl.hostname,
    port: config.port,
  });
  const handle = app.getRequestHandler();
  await app.prepare();
  const stopJobs = startJobs();

  const create = (): Server => {
    const server = createServer((request, response) => {
      const refusal = unservable(request);
      if (refusal !== null) {
        response.writeHead(refusal.status, { connection: "close", ...refusal.headers }).end();
        return;
      }
      answerFastLane(request, response)
        .then(async (answered) => {
          if (answered) return;
          if (announcesTooMuch(request, BODY_BYTES_MAX)) {
            response.writeHead(413, { connection: "close" }).end();
            return;
          }
          prepareForNext(request, response);
          await handle(request, response);
        })
        .catch((error: unknown) => {
          log.error("a request failed outside its handler", { error });
          if (!response.headersSent) response.writeHead(500);
          response.end();
        });
    });
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
    // Nothing here speaks WebSocket; an upgrade is never passed on (ATK-05).
    server.on("upgrade", (_request, socket) => socket.destroy());
    return server;
  };

  // With a loopback APP_URL only this machine is served, by either family.
  const hosts = config.host ? [config.host] : config.loopback ? ["127.0.0.1", "::1"] : [undefined];
  const servers: Server[] = [];
  for (const host of hosts) {
    const server = create();
    const listening = await listen(server, config.port, host);
    if (listening) servers.push(server);
  }
  if (servers.length === 0) throw new Error(`nothing could listen on port ${config.port}`);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void drain(servers)
      .then(stopJobs)
      .then(() => pool().end())
      .finally(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // The parent that holds the data folder is gone: so is our claim to it.
  process.once("disconnect", stop);
  process.send?.({ type: "ready" });
}

/** Where this very machine reaches a server that listens on `host`. */
function innerHost(host: string | null): string {
  if (host === null || host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** False when the machine has no such address; throws when the port is taken. */
function listen(server: Server, port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve(false);
      else reject(error);
    });
    server.listen({ port, host }, () => resolve(true));
  });
}

/** Takes no new connection, lets what is under way end, and then closes the rest. */
async function drain(servers: Server[]): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  );
  const timer = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, DRAIN_TIMEOUT_MS);
  await Promise.all(closed);
  clearTimeout(timer);
}

/** What is for whoever runs the program to mend. */
const UNUSABLE = [ConfigurationError, DatabaseNotDurable, TenantWallMissing];

main().catch((error: unknown) => {
  if (error instanceof Error && UNUSABLE.some((kind) => error instanceof kind)) {
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    process.stderr.write(
      `Port ${(error as { port?: number }).port} is in use. Stop what uses it, or set PORT.\n`,
    );
    process.exit(1);
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
