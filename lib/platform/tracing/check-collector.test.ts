import { afterEach, expect, test, vi } from "vitest";
import { aTraceCollector } from "@/tests/support/trace-collector";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

async function problemAt(endpoint: string, headers = ""): Promise<string | null> {
  vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
  vi.stubEnv("AUTH_SECRET", "a".repeat(43));
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", headers);
  const { checkTraceCollector } = await import("@/lib/platform/tracing/check-collector");
  return checkTraceCollector();
}

test("without a collector, and with one that answers, all is well", async () => {
  expect(await problemAt("")).toBeNull();
  vi.resetModules();
  const collector = await aTraceCollector();
  expect(await problemAt(collector.url, "authorization=Bearer%20canary")).toBeNull();
  expect(collector.headers).toMatchObject([{ authorization: "Bearer canary" }]);
  await collector.close();
});

test.each([
  [401, "OTEL_EXPORTER_OTLP_HEADERS"],
  [500, "answers 500"],
])("one that answers %i is told, without its headers", async (status, said) => {
  const collector = await aTraceCollector();
  collector.answer = status;
  const problem = await problemAt(collector.url, "authorization=canary");
  expect(problem).toContain(said);
  expect(problem).not.toContain("canary");
  await collector.close();
});

test("an address where nothing listens is told", async () => {
  const collector = await aTraceCollector();
  await collector.close();
  expect(await problemAt(collector.url)).toContain("ECONNREFUSED");
});

test("plain http is for this machine and for private networks", async () => {
  expect(await problemAt("http://93.184.216.34:4318")).toContain("unencrypted");
  vi.resetModules();
  // A block of a private network, in which nobody answers.
  expect(await problemAt("http://127.0.0.2:1")).toContain("Nothing takes traces");
});
