import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { aTraceCollector } from "@/tests/support/trace-collector";

afterEach(() => {
  vi.resetModules();
});

/** A program of its own that sends traces there. */
async function tracingTo(endpoint: string, share = "1") {
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20of-the-collector");
  vi.stubEnv("OTEL_TRACES_SAMPLER_ARG", share);
  const { startTracing, stopTracing } = await import("@/lib/platform/tracing/start-tracing");
  const { inOwnTrace } = await import("@/lib/platform/tracing/spans");
  const { metricsText } = await import("@/lib/platform/metrics/metrics");
  await startTracing();
  return { stopTracing, inOwnTrace, metricsText };
}

async function refusedBy(metricsText: () => Promise<string>): Promise<number> {
  const line = /gatehouse_trace_spans_dropped_total\{by="collector"\} (\d+)/;
  return Number(line.exec(await metricsText())?.[1] ?? 0);
}

test("what is refused is counted, and what is left is sent at the end, with the headers that are asked for", async () => {
  const collector = await aTraceCollector();
  const { inOwnTrace, stopTracing, metricsText } = await tracingTo(collector.url);
  collector.answer = 400;
  const before = await refusedBy(metricsText);
  await inOwnTrace({ name: "refused" }, () => Promise.resolve());
  await expect.poll(() => refusedBy(metricsText), { timeout: 10_000 }).toBe(before + 1);
  collector.answer = 200;
  await inOwnTrace({ name: "last" }, () => Promise.resolve());
  await stopTracing();
  expect(collector.spans.map(({ name }) => name)).toEqual(["last"]);
  expect(collector.headers.at(-1)).toMatchObject({ authorization: "Bearer of-the-collector" });
  await collector.close();
});

test.each(["away", "hangs", 500] as const)(
  "a collector that is %s costs whoever works nothing",
  async (state) => {
    const collector = await aTraceCollector();
    if (state === "away") await collector.close();
    else collector.answer = state;
    const { inOwnTrace, stopTracing } = await tracingTo(collector.url);
    const startedAt = performance.now();
    for (let count = 0; count < 3_000; count += 1) {
      await inOwnTrace({ name: "work" }, () => Promise.resolve());
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    // As the server does at its end.
    await Promise.race([stopTracing(), sleep(1_000)]);
    await collector.close();
  },
);

test("of a share of nothing no trace is sent, and the work is done all the same", async () => {
  const collector = await aTraceCollector();
  const { inOwnTrace, stopTracing } = await tracingTo(collector.url, "0");
  expect(await inOwnTrace({ name: "unseen" }, () => Promise.resolve(1))).toBe(1);
  await stopTracing();
  expect(collector.bytes).toEqual([]);
  await collector.close();
});

test("more than one batch arrives whole", async () => {
  const collector = await aTraceCollector();
  const { inOwnTrace, stopTracing } = await tracingTo(collector.url);
  for (let count = 0; count < 1_000; count += 1) {
    await inOwnTrace({ name: "work" }, () => Promise.resolve());
  }
  await stopTracing();
  expect(collector.bytes.length).toBeGreaterThan(1);
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(1_000);
  await collector.close();
});
