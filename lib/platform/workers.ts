import "server-only";
import "#node-only";
import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { newSecret } from "@/lib/platform/crypto";
import { LANE_SECRET_VARIABLE } from "@/lib/platform/http/lane";
import { log } from "@/lib/platform/log";
import { serveWorkersMetrics } from "@/lib/platform/metrics/workers-metrics";

/** Longer than a worker gives requests under way; then it hangs. */
const STOP_TIMEOUT_MS = 15_000;
/** Workers that end so often are not killed by chance. */
const RESTARTS_MAX = 10;
const RESTARTS_WINDOW_MS = 60_000;

/**
 * Keeps `count` workers that share one port: one that ends is replaced, one after the other is replaced
 * on SIGHUP, and all are asked to end with SIGTERM. Only the first has the work in the background. Calls `ready` when
 * all serve; ends this process when they have ended, or with the code of one that could not start.
 */
export function runWorkers(count: number, ready: () => void): void {
  // Next sends some actions to our own address, which any worker may take (server.ts).
  const laneSecret = newSecret();
  const serving = new Set<Worker>();
  const leaving = new Set<Worker>();
  let worksInBackground: Worker | undefined;
  let announced = false;
  let stopping = false;
  let restarts: number[] = [];

  const chooseForBackground = () => {
    const [first] = serving;
    if (first === undefined || (worksInBackground && serving.has(worksInBackground))) return;
    worksInBackground = first;
    first.send({ type: "work-in-background" });
  };

  /** Starts one, and returns when it serves. */
  const start = (): Promise<Worker> =>
    new Promise((resolve) => {
      const worker = cluster.fork({ [LANE_SECRET_VARIABLE]: laneSecret });
      serveWorkersMetrics(worker, new AggregatorRegistry());
      worker.on("message", (message: { type?: string }) => {
        if (message.type !== "ready") return;
        serving.add(worker);
        chooseForBackground();
        resolve(worker);
      });
    });

  cluster.on("exit", (worker, code) => {
    const served = serving.delete(worker);
    if (stopping) {
      if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
      return;
    }
    // What could not start once will not start by being tried again.
    if (!served && !announced) process.exit(code || 1);
    chooseForBackground();
    if (worker.exitedAfterDisconnect || leaving.delete(worker)) return;
    const now = Date.now();
    restarts = [...restarts.filter((at) => now - at < RESTARTS_WINDOW_MS), now];
    log.error("a worker ended and is replaced", { code: String(code), count: restarts.length });
    if (restarts.length > RESTARTS_MAX) process.exit(1);
    void start();
  });

  const end = (worker: Worker, ask: () => void): Promise<void> =>
    new Promise((resolve) => {
      leaving.add(worker);
      const timer = setTimeout(() => worker.process.kill("SIGKILL"), STOP_TIMEOUT_MS);
      worker.once("exit", () => {
        clearTimeout(timer);
        resolve();
      });
      ask();
    });

  let rolling = Promise.resolve();
  process.on("SIGHUP", () => {
    rolling = rolling.then(async () => {
      // Those of now, one that is only starting too: whoever replaces them is not replaced in the same round.
      for (const former of Object.values(cluster.workers ?? {})) {
        if (stopping) return;
        if (former === undefined || former.isDead()) continue;
        await start();
        if (former.isDead()) continue;
        await end(former, () => {
          // One that does not listen yet, or not any more, hears nothing else.
          const listens = serving.has(former) && former.isConnected();
          const kill = () => former.process.kill("SIGTERM");
          if (listens) former.send({ type: "make-way" }, (error) => error !== null && kill());
          else kill();
        });
      }
    });
  });

  const stop = (signal: "SIGTERM" | "SIGINT") => {
    if (stopping) return;
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker) void end(worker, () => worker.process.kill(signal));
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop(signal));
  process.once("disconnect", () => stop("SIGINT"));

  void Promise.all(Array.from({ length: count }, start)).then(() => {
    announced = true;
    ready();
  });
}
