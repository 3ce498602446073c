import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getProvider } from "@/lib/oidc/provider";
import { findPublishedDocument } from "@/lib/oidc/published-documents";
import { getConfig } from "@/lib/platform/config";
import { isUnavailable } from "@/lib/platform/db/errors";
import { networkOf } from "@/lib/platform/http/client-address";
import { LANE_HEADERS, laneSecret } from "@/lib/platform/http/lane";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { log } from "@/lib/platform/log";
import { type RequestRate, spend } from "@/lib/platform/rate-limit/limiter";
import { describeRequest } from "@/lib/platform/tracing/spans";
import type { RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";

export const OIDC_PREFIX = "/oidc";
/** RFC 8414 §3.1: the well-known path comes before that of the issuer. */
export const METADATA_PATH = "/.well-known/oauth-authorization-server/oidc";

/** What anybody may make the engine remember, until it is answered or has expired (F117). */
const REMEMBERED = /^\/(auth|request|device\/auth|reg)\b/i;
const REQUESTS_PER_SOURCE: RequestRate = {
  name: "authorization-requests",
  pointsMax: 300,
  windowSeconds: minutes(1),
  counts: "requests",
};

const CLIENT_CLAIMS = ["x-forwarded-for", "x-forwarded-host", "forwarded", "x-forwarded-port"];

/**
 * Runs the engine for a request to `/oidc/*`. It trusts what the request says of
 * its origin, so all of that is replaced by what APP_URL says (ATK-36).
 */
export async function answerOidcRequest(
  message: IncomingMessage,
  response: ServerResponse,
  facts: RequestFacts,
): Promise<void> {
  const { appUrl } = getConfig();
  describeRequest(facts);
  for (const name of [...CLIENT_CLAIMS, ...Object.values(LANE_HEADERS)]) {
    delete message.headers[name];
  }
  message.headers.host = appUrl.host;
  message.headers["x-forwarded-proto"] = appUrl.protocol.replace(":", "");
  message.headers[LANE_HEADERS.secret] = laneSecret();
  message.headers[LANE_HEADERS.requestId] = facts.requestId;
  message.headers[LANE_HEADERS.decisionId] = facts.decisionId;
  if (facts.ip !== null) {
    message.headers[LANE_HEADERS.ip] = facts.ip;
    message.headers["x-forwarded-for"] = facts.ip;
  }
  const asked = message.url ?? "/";
  const target = asked.startsWith(METADATA_PATH)
    ? asked.replace(METADATA_PATH, `${OIDC_PREFIX}/.well-known/oauth-authorization-server`)
    : asked;
  Object.assign(message, { originalUrl: target, baseUrl: OIDC_PREFIX });
  message.url = target.slice(OIDC_PREFIX.length) || "/";
  for (const [name, value] of Object.entries(API_SECURITY_HEADERS)) response.setHeader(name, value);
  // To a script-src, and this one allows nothing, the engine adds the hash of its one script, for form_post.
  response.setHeader(
    "content-security-policy",
    "default-src 'none'; script-src; frame-ancestors 'none'",
  );
  response.setHeader("x-request-id", facts.requestId);
  const refuse = (status: number, error: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error }));
  };
  if (/%00/.test(asked)) {
    refuse(400, "invalid_request");
    return;
  }
  try {
    if (REMEMBERED.test(message.url)) {
      const budget = await spend(REQUESTS_PER_SOURCE, networkOf(facts.ip));
      if (!budget.allowed) {
        const retryAfter = { "retry-after": String(budget.retryAfterSeconds) };
        refuse(429, "temporarily_unavailable", retryAfter);
        return;
      }
    }
    const provider = await getProvider();
    const document = await findPublishedDocument(provider, message);
    if (document === null) await provider.callback()(message, response);
    else response.writeHead(200, document.headers).end(document.body);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    log.error("the authorization server could not reach the database", { error });
    refuse(503, "temporarily_unavailable", { "retry-after": "5" });
  }
}
