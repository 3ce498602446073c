import { answerCronRequest } from "@/app/api/cron/cron";
import { answerWebRequest } from "@/lib/platform/http/web-mount";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> =>
  answerWebRequest(request, answerCronRequest);
