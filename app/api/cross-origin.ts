import "server-only";
import type { Endpoint } from "@/app/api/endpoint";
import { isApiClientOrigin } from "@/lib/oidc/client-origins";
import { getConfig } from "@/lib/platform/config";
import { emptyReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { minutes } from "@/lib/shared/duration";

/** What a script may send; the browser asks first because of `authorization`. */
const SENT = "authorization, content-type, dpop, if-match";
/** What a script may read beyond the body. */
const READ = "www-authenticate, etag, retry-after, x-request-id, location";

/** The origin of another site, where a request names one. */
function foreignOrigin(request: HttpRequest): string | null {
  const origin = request.header("origin");
  return origin === null || origin === getConfig().origin ? null : origin;
}

/**
 * The headers that let scripts of a registered single-page client read an answer
 * to its token, or null. Never with credentials, and never for what needs no
 * token: no cookie counts, nor is one sent (ATK-03, ATK-68).
 */
export async function crossOriginHeaders(
  request: HttpRequest,
  endpoint: Endpoint,
): Promise<Record<string, string> | null> {
  const origin = foreignOrigin(request);
  const byToken = /^(bearer|dpop) /i.test(request.header("authorization") ?? "");
  if (origin === null || !byToken || endpoint.access === "anonymous") return null;
  if (!(await isApiClientOrigin(origin))) return null;
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": READ,
    vary: "Origin",
  };
}

/** A browser's question before a script's request (Fetch §3.2.2): answered for a request with a token alone. */
export const isPreflight = ({ method, header }: HttpRequest): boolean =>
  method === "OPTIONS" &&
  header("origin") !== null &&
  header("access-control-request-method") !== null;

/** The answer to it, which allows nothing that {@link crossOriginHeaders} would not. */
export async function answerPreflight(request: HttpRequest, endpoint: Endpoint): Promise<Reply> {
  const wanted = (request.header("access-control-request-headers") ?? "").toLowerCase().split(",");
  const origin = foreignOrigin(request);
  const allowed =
    origin !== null &&
    endpoint.access !== "anonymous" &&
    wanted.some((name) => name.trim() === "authorization") &&
    (await isApiClientOrigin(origin));
  if (!allowed) return emptyReply(204, { vary: "Origin" });
  return emptyReply(204, {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": endpoint.method,
    "access-control-allow-headers": SENT,
    "access-control-max-age": String(minutes(5)),
    vary: "Origin",
  });
}
