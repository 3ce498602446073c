import "server-only";
import { getConfig, readLaneSecret } from "@/lib/platform/config";
import { newSecret } from "@/lib/platform/crypto";
import { clientAddress, normaliseAddress } from "@/lib/platform/http/client-address";
import { parseCookies } from "@/lib/platform/http/request";
import { newId } from "@/lib/platform/id";
import { processSingleton } from "@/lib/platform/process-singleton";
import type { RequestFacts } from "@/lib/shared/caller";
import { chooseLocale, LOCALE_COOKIE, type Locale } from "@/lib/shared/locale";

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
  decisionId: "x-gatehouse-decision-id",
} as const;

/** By it the workers of one port have one secret: what one of them sends to that port, another may take. */
export const LANE_SECRET_VARIABLE = "GATEHOUSE_LANE_SECRET";

export const laneSecret = (): string =>
  processSingleton("lane-secret", () => readLaneSecret() ?? newSecret());

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Longer header values are cut: they are evidence, not content. */
const USER_AGENT_LENGTH_MAX = 400;

/**
 * The ids of a request: its own, or the one that it brings from in front of us.
 * The latter may be a client's choice and come twice, so it names no decision.
 */
export function requestIds(
  candidate: string | null,
): Pick<RequestFacts, "requestId" | "decisionId"> {
  const decisionId = newId();
  return { requestId: candidate && UUID.test(candidate) ? candidate : decisionId, decisionId };
}

export const userAgentFrom = (header: string | null): string | null =>
  header?.slice(0, USER_AGENT_LENGTH_MAX) ?? null;

/** What whoever asks reads, as far as they and their browser say. */
export const localeFrom = (header: (name: string) => string | null): Locale =>
  chooseLocale({
    cookie: parseCookies(header("cookie") ?? undefined).get(LOCALE_COOKIE),
    acceptLanguage: header("accept-language"),
  });

/** Who asks, as Next's own mounts see it: from our server's headers, or from the platform's. */
export function factsFromHeaders(header: (name: string) => string | null): RequestFacts {
  const fromLane = header(LANE_HEADERS.secret) === laneSecret();
  const ids = requestIds(header(LANE_HEADERS.requestId));
  return {
    requestId: ids.requestId,
    decisionId: (fromLane ? header(LANE_HEADERS.decisionId) : null) ?? ids.decisionId,
    ip: fromLane
      ? normaliseAddress(header(LANE_HEADERS.ip))
      : clientAddress(null, header("x-forwarded-for"), Math.max(1, getConfig().trustedProxies)),
    userAgent: userAgentFrom(header("user-agent")),
    locale: localeFrom(header),
  };
}

/** The Host that the browser asked for, which Next itself never sees: it is told APP_URL's. */
export const askedHost = (header: (name: string) => string | null): string | null =>
  header(LANE_HEADERS.secret) === laneSecret() ? header(LANE_HEADERS.host) : header("host");
