import fs from "node:fs";
import { afterAll, expect, test, vi } from "vitest";
import { log } from "@/lib/platform/log";
import { inOwnTrace, traceFields } from "@/lib/platform/tracing/spans";
import { startTracing, stopTracing } from "@/lib/platform/tracing/start-tracing";
import { aTraceCollector } from "@/tests/support/trace-collector";

afterAll(stopTracing);

test("a line of the log within a trace says which, and no other does", async () => {
  const collector = await aTraceCollector();
  vi.stubEnv("LOG_LEVEL", "info");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url);
  await startTracing();
  const written = vi.spyOn(fs, "writeSync").mockImplementation((_fd, text) => String(text).length);
  const ids = await inOwnTrace({ name: "work" }, () => {
    log.info("within");
    return Promise.resolve(traceFields());
  });
  log.info("outside");
  const lines = written.mock.calls.map(([, text]) => JSON.parse(String(text)) as { msg: string });
  written.mockRestore();
  expect(lines).toMatchObject([{ msg: "within", ...ids }, { msg: "outside" }]);
  expect(ids?.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(lines[1]).not.toHaveProperty("trace_id");
  await collector.close();
});
