import "server-only";
import { getConfig } from "@/lib/platform/config";
import { newSecret } from "@/lib/platform/crypto";
import { clientAddress, normaliseAddress } from "@/lib/platform/http/client-address";
import { newId } from "@/lib/platform/id";
import { processSingleton } from "@/lib/platform/process-singleton";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Our own server tells Next, in the same process, whom it is talking to. The
 * headers count only together with a secret that never leaves the process, so
 * that nobody else can write them.
 */
export const LANE_HEADERS = {
  secret: "x-gatehouse-lane",
  ip: "x-gatehouse-client-ip",
  host: "x-gatehouse-host",
  requestId: "x-request-id",
} as const;

export const laneSecret = (): string => processSingleton("lane-secret", newSecret);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A request id from a trusted side, or a new one. */
export const requestIdFrom = (candidate: string | null | undefined): string =>
  candidate && UUID.test(candidate) ? candidate : newId();

/** Who asks, as Next's own mounts see it: from our server's headers, or from the platform's. */
export function factsFromHeaders(header: (name: string) => string | null): RequestFacts {
  const fromLane = header(LANE_HEADERS.secret) === laneSecret();
  return {
    requestId: requestIdFrom(header(LANE_HEADERS.requestId)),
    ip: fromLane
      ? normaliseAddress(header(LANE_HEADERS.ip))
      : clientAddress(null, header("x-forwarded-for"), Math.max(1, getConfig().trustedProxies)),
    userAgent: header("user-agent"),
  };
}

/** The Host that the browser asked for, which Next itself never sees: it is told APP_URL's. */
export const askedHost = (header: (name: string) => string | null): string | null =>
  header(LANE_HEADERS.secret) === laneSecret() ? header(LANE_HEADERS.host) : header("host");
