import "server-only";
import "#node-only";
import { randomBytes } from "node:crypto";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const isZero = (hex: string) => /^0+$/.test(hex);

/** The trace of a request, with the gateway as the one who goes on with it; begun where there is none (W3C Trace Context §3.2). */
export function continueTrace(traceparent: string | null): { traceparent: string; isNew: boolean } {
  const [, trace = "0", parent = "0", flags = "00"] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  const span = randomBytes(8).toString("hex");
  if (isZero(trace) || isZero(parent)) {
    return { traceparent: `00-${randomBytes(16).toString("hex")}-${span}-00`, isNew: true };
  }
  return { traceparent: `00-${trace}-${span}-${flags}`, isNew: false };
}
