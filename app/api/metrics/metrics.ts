import "server-only";
import { refuseMachine } from "@/app/api/machine-token";
import { getConfig } from "@/lib/platform/config";
import { PRIVATE, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { METRICS_CONTENT_TYPE } from "@/lib/platform/metrics/metrics";
import { refreshGauges } from "@/lib/platform/metrics/scrape";
import { metricsOfProgram } from "@/lib/platform/metrics/workers-metrics";

export const METRICS_PATH = "/api/metrics";

/**
 * What the process has counted, for Prometheus (F137), to whoever brings METRICS_TOKEN as a bearer
 * token. There is nothing here without that variable: 404.
 */
export async function answerMetricsRequest(request: HttpRequest): Promise<Reply> {
  const refusal = refuseMachine(request, getConfig().metricsToken, "metrics", ["GET", "HEAD"]);
  if (refusal !== null) return refusal;
  await refreshGauges();
  return {
    status: 200,
    headers: { ...API_SECURITY_HEADERS, ...PRIVATE, "content-type": METRICS_CONTENT_TYPE },
    body: await metricsOfProgram(),
  };
}
