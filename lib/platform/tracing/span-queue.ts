import "server-only";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { log } from "@/lib/platform/log";
import { countDroppedSpans } from "@/lib/platform/metrics/metrics";

/** About a megabyte; what comes while so many wait is dropped. */
const WAITING_MAX = 2_048;
const BATCH_SIZE = 256;
const DELAY_MS = 1_000;

/** What an exporter says of a batch; a code that is not 0 is a failure. */
interface Outcome {
  code: number;
  error?: Error & { code?: string | number };
}

/**
 * Takes spans as they end and hands them to the exporter, some at a time and one batch after the
 * other. Nobody waits for it: what a collector does not take is dropped and counted.
 */
export class SpanQueue implements SpanProcessor {
  readonly #exporter: SpanExporter;
  #waiting: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #isFailing = false;
  #isOver = false;

  constructor(exporter: SpanExporter) {
    this.#exporter = exporter;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & 1) === 0) return;
    if (this.#isOver || this.#waiting.length >= WAITING_MAX) {
      countDroppedSpans("queue", 1);
      return;
    }
    this.#waiting.push(span);
    this.#timer ??= setTimeout(() => void this.#drain(), DELAY_MS).unref();
  }

  async forceFlush(): Promise<void> {
    await this.#drain();
  }

  async shutdown(): Promise<void> {
    this.#isOver = true;
    await this.#drain();
    await this.#exporter.shutdown();
  }

  /** Sends all that waits; whoever comes while that goes on waits for it. */
  #drain(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_SIZE);
      const error = await this.#send(batch);
      if (error !== null) countDroppedSpans("collector", batch.length);
      if (error !== null && !this.#isFailing) {
        log.warn("the collector of traces does not take them", { code: error });
      }
      this.#isFailing = error !== null;
    }
  }

  /** Null, or in a word why it was not taken: what a collector answers is no word of ours. */
  #send(batch: ReadableSpan[]): Promise<string | null> {
    return new Promise((resolve) => {
      try {
        this.#exporter.export(batch, ({ code, error }: Outcome) => {
          resolve(code === 0 ? null : String(error?.code ?? "failed"));
        });
      } catch {
        resolve("failed");
      }
    });
  }
}
