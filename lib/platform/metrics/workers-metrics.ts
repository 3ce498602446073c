import "server-only";
import "#node-only";
import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { metricsText, shareMetrics } from "@/lib/platform/metrics/metrics";

/** Others pass on the same channel: those of Node itself, and those of the library that counts. */
interface Message {
  type: string;
  id: number;
  text?: string;
}

/** The process above the workers adds up what each of them has counted, for whichever of them is scraped. */
export function serveWorkersMetrics(
  worker: Worker,
  registry: AggregatorRegistry<"text/plain; version=0.0.4; charset=utf-8">,
): void {
  worker.on("message", (message: Message) => {
    if (message.type !== "metrics?") return;
    registry.clusterMetrics().then(
      (text) => worker.send({ type: "metrics", id: message.id, text } satisfies Message),
      // One that is still starting does not answer, and half a sum would look like a fall.
      () => worker.send({ type: "metrics", id: message.id } satisfies Message),
    );
  });
}

let last = 0;

/** What all processes of this program have counted: this one alone, or every worker of its port. */
export function metricsOfProgram(): Promise<string> {
  if (!cluster.isWorker) return metricsText();
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    const listen = (message: Message) => {
      if (message.type !== "metrics" || message.id !== id) return;
      process.off("message", listen);
      if (message.text === undefined)
        reject(new Error("a worker did not tell what it has counted"));
      else resolve(message.text);
    };
    process.on("message", listen);
    process.send?.({ type: "metrics?", id } satisfies Message);
  });
}

/** Lets the process above ask this worker. */
export function answerForMetrics(): void {
  // Its constructor listens.
  void new AggregatorRegistry();
  shareMetrics();
}
