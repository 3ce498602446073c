import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { beforeEach, expect, test, vi } from "vitest";
import { metricsText } from "@/lib/platform/metrics/metrics";
import { SpanQueue } from "@/lib/platform/tracing/span-queue";

vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
vi.stubEnv("AUTH_SECRET", "a".repeat(43));
vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
vi.stubEnv("LOG_LEVEL", "silent");

const aSpan = (traceFlags = 1) => ({ spanContext: () => ({ traceFlags }) }) as ReadableSpan;

type Done = (result: { code: 0 | 1; error?: Error }) => void;
let batches: { size: number; done: Done }[] = [];

const aQueue = () =>
  new SpanQueue({
    export: (spans, done) => void batches.push({ size: spans.length, done }),
    shutdown: async () => {},
  });

async function droppedBy(by: "collector" | "queue"): Promise<number> {
  const line = new RegExp(`gatehouse_trace_spans_dropped_total\\{by="${by}"\\} (\\d+)`);
  return Number(line.exec(await metricsText())?.[1] ?? 0);
}

beforeEach(() => {
  batches = [];
});

test("what a collector that hangs does not take is bounded, and what is more is dropped and counted", async () => {
  const before = await droppedBy("queue");
  const queue = aQueue();
  queue.onEnd(aSpan());
  void queue.forceFlush();
  for (let count = 0; count < 5_000; count += 1) queue.onEnd(aSpan());
  await vi.waitFor(() => expect(batches).toHaveLength(1));
  expect((await droppedBy("queue")) - before).toBe(5_000 - 2_048);
});

test("one batch goes after the other, also those that are refused, which are counted", async () => {
  const before = await droppedBy("collector");
  const queue = aQueue();
  for (let count = 0; count < 300; count += 1) queue.onEnd(aSpan());
  const flushed = queue.forceFlush();
  expect(batches.map(({ size }) => size)).toEqual([256]);
  batches[0]?.done({ code: 1, error: new Error("no") });
  await vi.waitFor(() => expect(batches.map(({ size }) => size)).toEqual([256, 44]));
  batches[1]?.done({ code: 0 });
  await flushed;
  expect((await droppedBy("collector")) - before).toBe(256);
});

test("an exporter that throws is one that refuses", async () => {
  const before = await droppedBy("collector");
  const queue = new SpanQueue({
    export: () => {
      throw new Error("broken");
    },
    shutdown: async () => {},
  });
  queue.onEnd(aSpan());
  await queue.forceFlush();
  expect((await droppedBy("collector")) - before).toBe(1);
});

test("what is not sampled is not sent", async () => {
  const queue = aQueue();
  queue.onEnd(aSpan(0));
  await queue.shutdown();
  expect(batches).toEqual([]);
});
