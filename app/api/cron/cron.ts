import "server-only";
import { refuseMachine } from "@/app/api/machine-token";
import { runJobsOnce } from "@/app/jobs";
import { getConfig } from "@/lib/platform/config";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { seconds } from "@/lib/shared/duration";

/** Less than a platform without a long-lived process gives one answer (vercel.json). */
const BUDGET_SECONDS = seconds(45);

/**
 * Does the work in the background once, for whoever brings CRON_SECRET as a bearer token (D21, F144). Each part
 * of it is safe beside another that runs, so that two calls at once do no harm.
 */
export async function answerCronRequest(request: HttpRequest): Promise<Reply> {
  const refusal = refuseMachine(request, getConfig().cronSecret, "cron", ["GET"]);
  if (refusal !== null) return refusal;
  const outcome = await runJobsOnce(BUDGET_SECONDS);
  return jsonReply(outcome.failed === 0 ? 200 : 500, outcome, API_SECURITY_HEADERS);
}
