import "server-only";
import { getConfig } from "@/lib/platform/config";

export interface TraceCollector {
  /** Where spans are posted (OTLP 1.0 §otlphttp-request). */
  url: string;
  headers: Record<string, string>;
}

/** Who is sent traces; null for nobody. */
export function traceCollector(): TraceCollector | null {
  const { endpoint, headers } = getConfig().traces;
  return endpoint === null ? null : { url: `${endpoint.replace(/\/$/, "")}/v1/traces`, headers };
}
