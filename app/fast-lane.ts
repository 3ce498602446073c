import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  ACCESS_METADATA_PATH,
  ACCESS_PREFIX,
  answerAccessMetadata,
} from "@/app/api/access-metadata";
import { answerApiRequest } from "@/app/api/dispatch";
import { answerGatewayRequest, GATEWAY_PREFIX } from "@/app/api/gateway/authorize";
import { answerHealthRequest } from "@/app/api/health/health";
import { answerMetricsRequest, METRICS_PATH } from "@/app/api/metrics/metrics";
import { answerResourceMetadata, RESOURCE_METADATA_PATH } from "@/app/api/protected-resource";
import { answerOidcRequest, METADATA_PATH, OIDC_PREFIX } from "@/lib/oidc/node-handler";
import { answerNodeRequest, factsOf } from "@/lib/platform/http/node-mount";
import type { Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";

/** The machine paths that our own server answers without Next (D20). */
const LANES: {
  prefix: string;
  /** No path below it is one of ours. */
  whole?: boolean;
  answer: (request: HttpRequest) => Promise<Reply>;
}[] = [
  { prefix: "/api/v1/", answer: answerApiRequest },
  { prefix: GATEWAY_PREFIX, answer: answerGatewayRequest },
  { prefix: "/api/health/", answer: answerHealthRequest },
  { prefix: METRICS_PATH, whole: true, answer: answerMetricsRequest },
  { prefix: ACCESS_PREFIX, answer: answerApiRequest },
  { prefix: ACCESS_METADATA_PATH, answer: answerAccessMetadata },
  { prefix: RESOURCE_METADATA_PATH, answer: answerResourceMetadata },
];

/** Answers a machine path; false leaves the request to Next. */
export async function answerFastLane(
  message: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const target = message.url ?? "/";
  if (target.startsWith(`${OIDC_PREFIX}/`) || target.startsWith(METADATA_PATH)) {
    await answerOidcRequest(message, response, factsOf(message));
    return true;
  }
  const [path = "/"] = target.split("?", 1);
  const lane = LANES.find(({ prefix, whole }) =>
    whole === true ? path === prefix : target.startsWith(prefix),
  );
  if (!lane) return false;
  await answerNodeRequest(message, response, new URL(target, "http://localhost"), lane.answer);
  return true;
}
