import "server-only";
import "#node-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getConfig } from "@/lib/platform/config";
import { factsFromHeaders, LANE_HEADERS, laneSecret } from "@/lib/platform/http/lane";
import { factsOf, headerOf } from "@/lib/platform/http/node-mount";
import { log } from "@/lib/platform/log";
import { currentTraceparent, describeRequest, keepTrace } from "@/lib/platform/tracing/spans";
import type { RequestFacts } from "@/lib/shared/caller";

/** A longer path is an attack, and no reason to fill the log. */
const PATH_LENGTH_MAX = 200;

/** What a client must not be able to tell Next about itself (ATK-01, ATK-36, EXP-8). */
const UNTRUSTED = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-middleware-subrequest",
  "x-invoke-path",
  "x-nonce",
  "content-security-policy",
  ...Object.values(LANE_HEADERS),
];

/** True for what Next sends us itself: it has been in here before. */
export const isSecondTrip = (request: IncomingMessage): boolean =>
  headerOf(request, LANE_HEADERS.secret) === laneSecret();

/**
 * Next sends a server action that only another page's code knows to us once
 * more, with the headers of the first request. Its facts are those of the first
 * request, or every limit and every record would name our own address (ATK-34).
 */
function factsOfEitherTrip(request: IncomingMessage): RequestFacts {
  return isSecondTrip(request)
    ? factsFromHeaders((name) => headerOf(request, name))
    : factsOf(request);
}

/**
 * Hands a request to Next with facts instead of claims: our origin, and who
 * asks. The answer is logged by path alone, since links carry secrets in their
 * query, and bears the request's id.
 */
export function prepareForNext(request: IncomingMessage, response: ServerResponse): void {
  const facts = factsOfEitherTrip(request);
  describeRequest(facts);
  const { appUrl } = getConfig();
  const askedHost = request.headers.host;
  for (const name of UNTRUSTED) delete request.headers[name];
  request.headers[LANE_HEADERS.host] = askedHost;
  request.headers.host = appUrl.host;
  request.headers["x-forwarded-host"] = appUrl.host;
  request.headers["x-forwarded-proto"] = appUrl.protocol.slice(0, -1);
  request.headers[LANE_HEADERS.secret] = laneSecret();
  request.headers[LANE_HEADERS.requestId] = facts.requestId;
  request.headers[LANE_HEADERS.decisionId] = facts.decisionId;
  if (facts.ip !== null) request.headers[LANE_HEADERS.ip] = facts.ip;
  const traceparent = currentTraceparent();
  if (traceparent !== null) request.headers["traceparent"] = traceparent;

  response.setHeader("x-request-id", facts.requestId);
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (path.startsWith("/_next/")) return;
  const startedAt = performance.now();
  response.once(
    "close",
    keepTrace(() => {
      log.info("request", {
        requestId: facts.requestId,
        method: request.method ?? "GET",
        route: path.slice(0, PATH_LENGTH_MAX),
        status: response.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
      });
    }),
  );
}
