import "server-only";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const isZero = (hex: string) => /^0+$/.test(hex);

export interface TraceContext {
  traceId: string;
  spanId: string;
  flags: string;
}

/** What a `traceparent` says; null for one that says nothing (W3C Trace Context §3.2.2). */
export function parseTraceparent(header: string | null): TraceContext | null {
  const [, traceId = "0", spanId = "0", flags = "00"] = TRACEPARENT.exec(header ?? "") ?? [];
  return isZero(traceId) || isZero(spanId) ? null : { traceId, spanId, flags };
}

export const formatTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${flags}`;
