import { answerMetricsRequest } from "@/app/api/metrics/metrics";
import { answerWebRequest } from "@/lib/platform/http/web-mount";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> =>
  answerWebRequest(request, answerMetricsRequest);
