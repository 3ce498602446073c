import "server-only";
import "#node-only";
import { isPublicHost } from "@/lib/platform/http/public-host";
import { traceCollector } from "@/lib/platform/tracing/trace-collector";

const TIMEOUT_MS = 5_000;
const UNAUTHORISED = [401, 403];

/** What keeps traces from arriving, in words, or null: asks the collector to take none. */
export async function checkTraceCollector(): Promise<string | null> {
  const collector = traceCollector();
  if (collector === null) return null;
  const { host, hostname, protocol } = new URL(collector.url);
  if (protocol === "http:" && (await isPublicHost(hostname))) {
    return `OTEL_EXPORTER_OTLP_ENDPOINT sends traces to ${host} over the network unencrypted. Use https.`;
  }
  try {
    const { status } = await fetch(collector.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...collector.headers },
      body: '{"resourceSpans":[]}',
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (status < 300) return null;
    if (UNAUTHORISED.includes(status)) {
      return `The collector at ${host} answers ${status}: what it asks for goes into OTEL_EXPORTER_OTLP_HEADERS.`;
    }
    return `The collector at ${host} answers ${status}. OTEL_EXPORTER_OTLP_ENDPOINT is the address before /v1/traces, where OTLP is spoken over http, mostly on port 4318.`;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return `Nothing takes traces at ${host} of OTEL_EXPORTER_OTLP_ENDPOINT (${cause?.code ?? "no answer"}): they are dropped.`;
  }
}
