import "server-only";
import "#node-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { getConfig } from "@/lib/platform/config";
import { held, type Scope } from "@/lib/platform/tracing/scope";
import { SpanQueue } from "@/lib/platform/tracing/span-queue";
import { traceCollector } from "@/lib/platform/tracing/trace-collector";

/** With what it tries again within. */
const EXPORT_TIMEOUT_MS = 5_000;

/** Of a good source: whoever knows some must not know the next. */
const ids = {
  generateTraceId: () => randomBytes(16).toString("hex"),
  generateSpanId: () => randomBytes(8).toString("hex"),
};

/**
 * Has traces sent where OTEL_EXPORTER_OTLP_ENDPOINT says; without it nothing of the SDK is loaded. The
 * provider is not made the process's own: other libraries, Next among them, would add spans with
 * whole addresses in them.
 */
export async function startTracing(): Promise<void> {
  const { serviceName, sampledShare } = getConfig().traces;
  const collector = traceCollector();
  if (collector === null || held.tracing !== null) return;
  // Not by an import of the file: a bundle of it would load them where there are no traces.
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const exporter = new OTLPTraceExporter({
    url: collector.url,
    headers: collector.headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      "service.name": serviceName,
      "service.instance.id": crypto.randomUUID(),
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampledShare) }),
    spanLimits: { attributeValueLengthLimit: 256 },
    spanProcessors: [new SpanQueue(exporter)],
    idGenerator: ids,
  });
  held.tracing = {
    api,
    tracer: provider.getTracer("gatehouse"),
    scopes: new AsyncLocalStorage<Scope>(),
    stop: async () => {
      held.tracing = null;
      await provider.shutdown();
    },
  };
}

/** Sends what is left; whoever calls bounds how long that may take. */
export const stopTracing = (): Promise<void> => held.tracing?.stop() ?? Promise.resolve();
