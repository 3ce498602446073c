import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { runJobsOnce } from "@/app/jobs";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { outboundFetchWith } from "@/lib/platform/http/outbound-fetch";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { inOwnTrace, traceFields } from "@/lib/platform/tracing/spans";
import { startTracing, stopTracing } from "@/lib/platform/tracing/start-tracing";
import { race } from "@/tests/support/race";
import {
  aTraceCollector,
  attributeOf,
  type ReceivedSpan,
  type TraceCollector,
} from "@/tests/support/trace-collector";

let collector: TraceCollector;
let mailServer: SMTPServer;

beforeAll(async () => {
  collector = await aTraceCollector();
  mailServer = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: (stream, _session, done) => stream.on("end", () => done()).resume(),
  });
  await new Promise<void>((resolve) => {
    mailServer.listen(0, "127.0.0.1", resolve);
  });
  const { port } = mailServer.server.address() as AddressInfo;
  vi.stubEnv("SMTP_URL", `smtp://127.0.0.1:${port}`);
  vi.stubEnv("DATABASE_POOL_SIZE", "3");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url);
  await startTracing();
});

afterAll(async () => {
  await stopTracing();
  await collector.close();
  await new Promise<void>((resolve) => {
    mailServer.close(resolve);
  });
});

afterEach(() => {
  collector.spans.length = 0;
});

async function spanNamed(name: string): Promise<ReceivedSpan> {
  const find = () => collector.spans.find((span) => span.name === name);
  await expect.poll(find, { timeout: 10_000 }).toBeDefined();
  return find() ?? expect.unreachable();
}

test("whoever waits for another's connection asks in the own trace", async () => {
  await race(20, (index) =>
    inOwnTrace({ name: `own ${index}` }, async () => {
      for (const round of [1, 2]) await pool().query(`SELECT ${index} AS of_${round}_${index}`);
      await prisma().$queryRaw`SELECT ${index}::int`;
    }),
  );
  await expect.poll(() => collector.spans.length, { timeout: 10_000 }).toBe(80);
  const traces = Map.groupBy(collector.spans, ({ traceId }) => traceId);
  expect(traces.size).toBe(20);
  const fingerprints = [...traces.values()].map((spans) =>
    spans.map((span) => attributeOf(span, "gatehouse.db.fingerprint")).filter((of) => of !== null),
  );
  // Two of each trace's own, and one that all have.
  const counted = Map.groupBy(fingerprints.flat(), (of) => of);
  expect([...counted.values()].map(({ length }) => length).sort((a, b) => a - b)).toEqual([
    ...Array.from({ length: 40 }, () => 1),
    20,
  ]);
  expect(fingerprints.every(({ length }) => length === 3)).toBe(true);
});

test("of a statement that fails the code is told, and nothing that it quotes", async () => {
  const asking = inOwnTrace({ name: "failing" }, () =>
    pool().query("SELECT $1::uuid", ["canary-in-a-message"]),
  );
  await expect(asking).rejects.toThrow("canary-in-a-message");
  const root = await spanNamed("failing");
  const statement = collector.spans.find(({ parentSpanId }) => parentSpanId === root.spanId);
  expect(statement && attributeOf(statement, "db.response.status_code")).toBe("22P02");
  expect(statement?.status.message).toBeUndefined();
  expect(collector.bytes.join("")).not.toContain("canary-in-a-message");
});

test("a mail is sent in a trace of the work in the background, linked to that which queued it", async () => {
  const ids = await inOwnTrace({ name: "queueing" }, async () => {
    await enqueueMail(
      "verify-email",
      "ada@example.com",
      () => ({ subject: "canary-in-a-subject", paragraphs: ["p"] }),
      prisma(),
    );
    return traceFields();
  });
  await runJobsOnce(30);
  const sent = await spanNamed("send mail");
  const job = await spanNamed("job deliver-mail");
  expect(sent).toMatchObject({ traceId: job.traceId, parentSpanId: job.spanId });
  expect(sent.traceId).not.toBe(ids?.trace_id);
  expect(sent.links).toMatchObject([{ traceId: ids?.trace_id, spanId: ids?.span_id }]);
  expect(attributeOf(sent, "gatehouse.message.kind")).toBe("verify-email");
  expect(collector.bytes.join("")).not.toMatch(/ada@example\.com|canary-in-a-subject/);
});

test("a host within the own network goes on with the trace, and no other is told of it", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.traceparent as string | undefined);
    expect(request.headers["x-kept"]).toBe("yes");
    response.end("{}");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const terms = { allowedHosts: [`127.0.0.1:${port}`], loopback: true };
  const ask = outboundFetchWith(
    () => terms,
    (_name, _options, done) => done(null, []),
  );
  const address = `http://127.0.0.1:${port}/canary-in-a-path`;
  const ids = await inOwnTrace({ name: "asking" }, async () => {
    await ask(address, { headers: { "x-kept": "yes" } });
    await ask("https://idp.example.com/canary-in-a-path").catch(() => {});
    return traceFields();
  });
  await ask(address, { headers: { "x-kept": "yes" } });
  server.close();
  expect(seen).toEqual([expect.stringMatching(new RegExp(`^00-${ids?.trace_id}-`)), undefined]);
  await spanNamed("asking");
  const asked = collector.spans.filter(({ name }) => name === "GET");
  expect(asked.map((span) => attributeOf(span, "server.address"))).toEqual([
    "127.0.0.1",
    "idp.example.com",
  ]);
  expect(asked.map((span) => attributeOf(span, "error.type"))).toEqual([null, "OutboundRefused"]);
  expect(collector.bytes.join("")).not.toContain("canary-in-a-path");
});
