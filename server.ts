import cluster from "node:cluster";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import next from "next";
import { gatewayRules } from "@/app/api/gateway/gateway-rules";
import { answerFastLane } from "@/app/fast-lane";
import { startJobs } from "@/app/jobs";
import { boot } from "@/lib/platform/boot";
import { ConfigurationError, EXIT_CONFIGURATION, getConfig } from "@/lib/platform/config";
import { DatabaseNotDurable } from "@/lib/platform/db/durability";
import { endConnections } from "@/lib/platform/db/end-connections";
import { TenantWallMissing } from "@/lib/platform/db/tenant-wall";
import {
  announceLeave,
  endConnectionWhenLeaving,
  type Notice,
  takeLeave,
} from "@/lib/platform/http/leave-taking";
import { isSecondTrip, prepareForNext } from "@/lib/platform/http/next-mount";
import { answerPrecompressed, readPrecompressed } from "@/lib/platform/http/precompressed";
import { answerSaturated, watchEventLoop } from "@/lib/platform/http/saturation";
import { announcesTooMuch, hidesItsLength, unservable } from "@/lib/platform/http/unservable";
import { log } from "@/lib/platform/log";
import { observeRequest } from "@/lib/platform/metrics/metrics";
import { routeClassOf } from "@/lib/platform/metrics/route-class";
import { answerForMetrics } from "@/lib/platform/metrics/workers-metrics";
import { closeRequestCounts } from "@/lib/platform/rate-limit/request-counts";
import { inRequestSpan } from "@/lib/platform/tracing/request-span";
import { stopTracing } from "@/lib/platform/tracing/start-tracing";
import { runWorkers } from "@/lib/platform/workers";
import { PICTURE_BYTES_MAX } from "@/lib/shared/picture";

/** A request that is not whole by then is dropped (ATK-61). */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than a load balancer's, so that it never reuses a connection that we close. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** As for the API. */
const BODY_BYTES_MAX = 64 * 1024;
/** Where people send a file; at most as much as `serverActions.bodySizeLimit` allows. */
const FILE_BYTES_MAX: ReadonlyMap<string, number> = new Map([
  ["/admin/users/import", 4 * 1024 * 1024],
  // With the rest of the form, so that a little too much is told by the form itself.
  ["/account/profile", PICTURE_BYTES_MAX + BODY_BYTES_MAX],
  ["/admin/branding", PICTURE_BYTES_MAX + BODY_BYTES_MAX],
]);

const bytesMaxOf = ({ url }: IncomingMessage): number =>
  FILE_BYTES_MAX.get(url?.split("?", 1)[0] ?? "") ?? BODY_BYTES_MAX;
/** Where the build leaves what Next serves as it is. */
const STATIC_FOLDER = ".next/static";
const WORKERS_MAX = 64;
/** Requests get this long to end after SIGTERM, and those who send them to notice. */
const DRAIN_TIMEOUT_MS = 8_000;
/** And the database, Redis and the collector of traces this long to take leave. */
const PARTING_TIMEOUT_MS = 1_000;

async function main(): Promise<void> {
  const config = getConfig();
  await boot();
  gatewayRules();
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
  const stopJobs = workInBackground();
  watchEventLoop();
  if (cluster.isWorker) answerForMetrics();
  const precompressed = readPrecompressed(STATIC_FOLDER);

  const create = (): Server => {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const refusal = unservable(request);
      if (refusal !== null) {
        response.writeHead(refusal.status, { connection: "close", ...refusal.headers }).end();
        return;
      }
      observe(request, response);
      endConnectionWhenLeaving(response);
      if (answerSaturated(request, response)) return;
      answerFastLane(request, response)
        .then(async (answered) => {
          if (answered) return;
          if (answerPrecompressed(precompressed, request, response)) return;
          if (announcesTooMuch(request, bytesMaxOf(request))) {
            response.writeHead(413, { connection: "close" }).end();
            return;
          }
          if (hidesItsLength(request) && !isSecondTrip(request)) {
            response.writeHead(411, { connection: "close" }).end();
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
    };
    const server = createServer((request, response) => {
      inRequestSpan(request, response, answer);
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
  const stop = (notice: Notice) => {
    if (notice === "announced") announceLeave();
    if (stopping) return;
    stopping = true;
    // What is cut off then is taken up by whoever runs it next, as after a kill (FLT-06).
    const parting = Promise.all([
      takeLeave(servers, { notice, timeoutMs: DRAIN_TIMEOUT_MS }),
      inTime(stopJobs(), DRAIN_TIMEOUT_MS),
    ]);
    void parting
      .then(() =>
        inTime(
          Promise.all([endConnections(), closeRequestCounts(), stopTracing()]),
          PARTING_TIMEOUT_MS,
        ),
      )
      .finally(() => process.exit(0));
  };
  process.once("SIGTERM", () => stop("announced"));
  // By hand: nobody is in front who would have to notice.
  process.once("SIGINT", () => stop("none"));
  // The parent that holds the data folder is gone: so is our claim to it.
  process.once("disconnect", () => stop("none"));
  process.on("message", (message: { type?: string }) => {
    if (message.type === "make-way") stop("quiet");
  });
  process.send?.({ type: "ready" });
}

/** Of several workers only the one that is told to does it; returns what ends it. */
function workInBackground(): () => Promise<void> {
  if (!cluster.isWorker) return startJobs();
  let stop = async () => {};
  process.on("message", (message: { type?: string }) => {
    if (message.type === "work-in-background") stop = startJobs();
  });
  return () => stop();
}

/** `--workers N`: how many processes share the port. */
function workersOf(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { workers: { type: "string" } } });
  const count = Number(values.workers ?? "1");
  if (Number.isInteger(count) && count >= 1 && count <= WORKERS_MAX) return count;
  throw new ConfigurationError([
    `  --workers: must be a number from 1 to ${WORKERS_MAX}. Example: 4`,
  ]);
}

/** Measures one answer, from the first header to the last byte. */
function observe(request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now();
  const route = routeClassOf(request.method ?? "GET", request.url ?? "/");
  response.once("close", () => {
    observeRequest(route, response.statusCode, (performance.now() - startedAt) / 1_000);
  });
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

/** Returns when the work is done, or the time is over. */
function inTime(work: Promise<unknown>, timeoutMs: number): Promise<unknown> {
  return Promise.race([work.catch(() => {}), sleep(timeoutMs)]);
}

/** What is for whoever runs the program to mend. */
const UNUSABLE = [ConfigurationError, DatabaseNotDurable, TenantWallMissing];

async function run(): Promise<void> {
  const workers = cluster.isWorker ? 1 : workersOf(process.argv.slice(2));
  if (workers === 1) return main();
  getConfig();
  runWorkers(workers, () => process.send?.({ type: "ready" }));
}

run().catch((error: unknown) => {
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
