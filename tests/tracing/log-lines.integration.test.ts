import fs from "node:fs";
import { afterAll, expect, test, vi } from "vitest";
import { log } from "@/lib/platform/log";
import { inOwnTrace, traceFields } from "@/lib/platform/tracing/spans";
import { startTracing, stopTracing } from "@/lib/platform/tracing/start-tracing";
import { aTraceCollector } from "@/tests/support/trace-collector";

afterAll(stopTracing);

/** What the log writes while `work` goes on, line by line. */
async function linesOf(work: () => Promise<void>, count: number): Promise<{ msg: string }[]> {
  const lines: { msg: string }[] = [];
  const write = (_fd: number, text: Buffer | string, ...rest: unknown[]) => {
    const written = String(text).trim().split("\n");
    lines.push(...written.map((line) => JSON.parse(line) as { msg: string }));
    const done = rest.at(-1) as (error: null, length: number) => void;
    setImmediate(done, null, Buffer.byteLength(text));
  };
  const spy = vi.spyOn(fs, "write").mockImplementation(write);
  await work();
  await expect.poll(() => lines.length).toBe(count);
  spy.mockRestore();
  return lines;
}

test("a line of the log within a trace says which, and no other does", async () => {
  const collector = await aTraceCollector();
  vi.stubEnv("LOG_LEVEL", "info");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url);
  await startTracing();
  let ids: ReturnType<typeof traceFields>;
  const lines = await linesOf(async () => {
    await inOwnTrace({ name: "work" }, () => {
      log.info("within");
      ids = traceFields();
      return Promise.resolve();
    });
    log.info("outside");
  }, 2);
  expect(lines).toMatchObject([{ msg: "within", ...ids }, { msg: "outside" }]);
  expect(ids?.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(lines[1]).not.toHaveProperty("trace_id");
  await collector.close();
});
