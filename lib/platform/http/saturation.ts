import "server-only";
import "#node-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { countShed } from "@/lib/platform/metrics/metrics";
import { processSingleton } from "@/lib/platform/process-singleton";

const SAMPLE_EVERY_MS = 100;
/** Whoever has to wait this long for their turn, and then as long again for every step, is better told now. */
const LAG_MAX_MS = 500;
/** One long turn is a pause; that many in a row are a queue that grows. */
const SAMPLES_OVER_MAX = 4;
const RETRY_AFTER_SECONDS = 2;

/** What a balancer asks, and what costs next to nothing, is answered whatever happens. */
const ALWAYS_ANSWERED = ["/api/health/", "/api/metrics", "/_next/static/"];
const OF_MACHINES = ["/api/", "/access/", "/oidc/", "/.well-known/"];

/** How many samples in a row found the event loop late. */
const lateness = () => processSingleton("event-loop-lateness", () => ({ samplesOver: 0 }));

/** Looks ten times a second how late the event loop is; returns what ends that. */
export function watchEventLoop(): () => void {
  const state = lateness();
  let due = performance.now() + SAMPLE_EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    state.samplesOver = now - due > LAG_MAX_MS ? state.samplesOver + 1 : 0;
    due = now + SAMPLE_EVERY_MS;
  }, SAMPLE_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export const eventLoopIsSaturated = (): boolean => lateness().samplesOver >= SAMPLES_OVER_MAX;

/**
 * Answers 503 with Retry-After at once while the process cannot keep up, instead of letting what comes queue
 * behind what will not be done in time either (FLT-11). True when it has answered.
 */
export function answerSaturated(request: IncomingMessage, response: ServerResponse): boolean {
  const target = request.url ?? "/";
  if (!eventLoopIsSaturated() || ALWAYS_ANSWERED.some((path) => target.startsWith(path))) {
    return false;
  }
  countShed("event-loop");
  const isMachine = OF_MACHINES.some((path) => target.startsWith(path));
  response.writeHead(503, {
    ...API_SECURITY_HEADERS,
    "retry-after": String(RETRY_AFTER_SECONDS),
    "cache-control": "no-store",
    ...(isMachine && { "content-type": "application/problem+json" }),
    // A body that nobody reads must not be taken for the next request.
    ...(!request.complete && { connection: "close" }),
  });
  const problem = { type: "/developers#unavailable", status: 503, code: "unavailable" };
  response.end(isMachine ? JSON.stringify({ ...problem, title: "Try again in a moment" }) : "");
  return true;
}
