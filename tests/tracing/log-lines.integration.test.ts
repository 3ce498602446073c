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
  const lines: { msg: string }[] = [];
  type Write = (
    fd: number,
    text: string,
    encoding: string,
    done: (error: null, length: number) => void,
  ) => void;
  const write: Write = (_fd, text, _encoding, done) => {
    lines.push(
      ...text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { msg: string }),
    );
    setImmediate(done, null, Buffer.byteLength(text));
  };
  const written = vi.spyOn(fs, "write").mockImplementation(write as unknown as typeof fs.write);
  const ids = await inOwnTrace({ name: "work" }, () => {
    log.info("within");
    return Promise.resolve(traceFields());
  });
  log.info("outside");
  await expect.poll(() => lines.length).toBe(2);
  written.mockRestore();
  expect(lines).toMatchObject([{ msg: "within", ...ids }, { msg: "outside" }]);
  expect(ids?.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(lines[1]).not.toHaveProperty("trace_id");
  await collector.close();
});
