import "server-only";
import "#node-only";
import { randomBytes } from "node:crypto";
import { currentTraceparent } from "@/lib/platform/tracing/spans";
import { formatTraceparent, parseTraceparent } from "@/lib/platform/tracing/traceparent";

/** The trace of a request, with the gateway as the one who goes on with it; begun where there is none (W3C Trace Context §3.2). */
export function continueTrace(traceparent: string | null): { traceparent: string; isNew: boolean } {
  const given = parseTraceparent(traceparent);
  const spanId = randomBytes(8).toString("hex");
  if (given !== null) {
    return { traceparent: formatTraceparent({ ...given, spanId }), isNew: false };
  }
  const traceId = randomBytes(16).toString("hex");
  // What is behind the gateway goes on in our own trace of the question, where there is one.
  const own = currentTraceparent() ?? formatTraceparent({ traceId, spanId, flags: "00" });
  return { traceparent: own, isNew: true };
}
