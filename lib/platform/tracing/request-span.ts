import "server-only";
import "#node-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, Span } from "@opentelemetry/api";
import { getConfig } from "@/lib/platform/config";
import { LANE_HEADERS, laneSecret } from "@/lib/platform/http/lane";
import { routeClassOf } from "@/lib/platform/metrics/route-class";
import { held, type Tracing } from "@/lib/platform/tracing/scope";
import { linkTo } from "@/lib/platform/tracing/spans";
import { parseTraceparent } from "@/lib/platform/tracing/traceparent";

/** All others are one: a method is what a client made up (HTTP semantic conventions). */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]);

/**
 * Answers a request within a span. A `traceparent` that comes along is nobody's to believe, not even
 * behind a proxy, which passes a client's on: it neither names the trace nor has it sampled, and is
 * linked to where a proxy is trusted. Only what Next sends ourselves goes on in the trace that it began in.
 */
export function inRequestSpan(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  const { tracing } = held;
  if (tracing === null) return answer(request, response);
  const method = METHODS.has(request.method ?? "") ? (request.method ?? "") : "_OTHER";
  const span = begin(tracing, request, method);
  response.once("close", () => {
    const { statusCode } = response;
    span.setAttribute("http.response.status_code", statusCode);
    if (statusCode >= 500) {
      span.setAttribute("error.type", String(statusCode));
      span.setStatus({ code: tracing.api.SpanStatusCode.ERROR });
    }
    span.end();
  });
  tracing.scopes.run({ span, root: span }, answer, request, response);
}

function begin(tracing: Tracing, request: IncomingMessage, method: string): Span {
  const { api, tracer } = tracing;
  const { appUrl, trustedProxies } = getConfig();
  const { traceparent } = request.headers;
  const given = typeof traceparent === "string" ? traceparent : null;
  const isOurs = request.headers[LANE_HEADERS.secret] === laneSecret();
  const route = routeClassOf(method, request.url ?? "/");
  return tracer.startSpan(
    `${method} ${route}`,
    {
      kind: api.SpanKind.SERVER,
      attributes: {
        "http.request.method": method,
        "url.scheme": appUrl.protocol.slice(0, -1),
        "network.protocol.version": request.httpVersion,
        "gatehouse.route.class": route,
      },
      links: !isOurs && trustedProxies > 0 ? linkTo(tracing, given) : [],
    },
    isOurs ? goingOn(tracing, given) : api.ROOT_CONTEXT,
  );
}

function goingOn({ api }: Tracing, traceparent: string | null): Context {
  const parent = parseTraceparent(traceparent);
  if (parent === null) return api.ROOT_CONTEXT;
  const { traceId, spanId, flags } = parent;
  const traceFlags = Number.parseInt(flags, 16);
  return api.trace.setSpanContext(api.ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags,
    isRemote: true,
  });
}
