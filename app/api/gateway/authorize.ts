import "server-only";
import { admit, HeldAtGateway, isUnauthenticated } from "@/app/api/gateway/admit";
import { gatewayRules } from "@/app/api/gateway/gateway-rules";
import { ProblemError, problemOf } from "@/app/api/problems";
import { withResourceMetadata } from "@/app/api/protected-resource";
import { AccessDenied } from "@/lib/authz/authorize";
import { RefusedAtGate, refuseAtGate } from "@/lib/authz/refuse-at-gate";
import { signAssertion } from "@/lib/gateway/assertion";
import { chooseRule, type PlacedRule } from "@/lib/gateway/choose-rule";
import {
  ASSERTION_HEADER,
  GATEWAY_TOKEN_HEADER,
  identityHeaders,
} from "@/lib/gateway/identity-headers";
import {
  type Claims,
  type OriginalRequest,
  overridesMethod,
  readOriginal,
} from "@/lib/gateway/original-request";
import { otherCookies } from "@/lib/gateway/other-cookies";
import { continueTrace } from "@/lib/gateway/trace-context";
import { isTrustedGateway } from "@/lib/gateway/trusted-gateway";
import { getConfig } from "@/lib/platform/config";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { log } from "@/lib/platform/log";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { holdPath, safeReturnTo, signInPath, stepUpPath } from "@/lib/shared/return-to";

export const GATEWAY_PREFIX = "/api/gateway/";
const AUTHORIZE_PATH = `${GATEWAY_PREFIX}authorize`;
const RETURN_PATH = `${GATEWAY_PREFIX}return`;

/** Longer addresses are cut: they are evidence, not content. */
const ADDRESS_LENGTH_MAX = 300;

/**
 * Answers a proxy that asks whether a request may go on to its service, by a status and by the
 * headers that the service gets (F125). Everything is refused that no rule names, and everybody who is
 * not a proxy of ours.
 */
export async function answerGatewayRequest(request: HttpRequest): Promise<Reply> {
  const { path, target } = request;
  // The address that was asked for stands behind the prefix, and must be read as it was sent.
  const isPrefixed = target?.startsWith(`${AUTHORIZE_PATH}/`) === true;
  if (isPrefixed || path === AUTHORIZE_PATH) return answerAuthorize(request, isPrefixed);
  if (path === RETURN_PATH) return answerReturn(request);
  return jsonReply(404, { status: "unknown" });
}

interface Asked {
  original: OriginalRequest | null;
  rule: PlacedRule | null;
}

async function answerAuthorize(request: HttpRequest, isPrefixed: boolean): Promise<Reply> {
  const startedAt = performance.now();
  const asked: Asked = { original: null, rule: null };
  let reply: Reply;
  try {
    reply = await authorizeOriginal(request, isPrefixed, asked);
  } catch (error) {
    reply = refusal(error, request, asked.original);
  }
  // nginx tells 401 and 403 from all else, which it takes for a failure.
  if (!isPrefixed && request.query.get("as") === "auth-request") reply = forAuthRequest(reply);
  log.info("gateway", {
    requestId: request.facts.requestId,
    method: asked.original?.method ?? "unread",
    route: asked.rule?.name ?? "unmatched",
    status: reply.status,
    durationMs: Math.round(performance.now() - startedAt),
  });
  return {
    ...reply,
    headers: {
      ...API_SECURITY_HEADERS,
      "x-request-id": request.facts.requestId,
      ...reply.headers,
    },
  };
}

async function authorizeOriginal(
  request: HttpRequest,
  isPrefixed: boolean,
  asked: Asked,
): Promise<Reply> {
  if (!isTrustedGateway(request.header(GATEWAY_TOKEN_HEADER))) {
    throw new ProblemError({
      status: 403,
      code: "untrusted_gateway",
      title: "Only a gateway of this installation can ask this",
    });
  }
  const claims = isPrefixed ? prefixedClaims(request) : forwardedClaims(request);
  const original = readOriginal(claims);
  if (typeof original === "string") return refuseRoute(request.facts, original, claims);
  asked.original = original;
  const names = request.headerNames();
  if (overridesMethod(original.query, names)) return refuseRoute(request.facts, "override", claims);
  if (identityHeaders(names).length > 0) return refuseRoute(request.facts, "identity", claims);
  const choice = chooseRule(gatewayRules(), original);
  if (choice.outcome === "none") return refuseRoute(request.facts, choice.reason, claims);
  asked.rule = choice.rule;
  const caller = await admit(request, original, choice.rule);
  return admitted(request, original, choice.rule, caller);
}

/** As Caddy and Traefik say it, and nginx and HAProxy by our files. */
const forwardedClaims = ({ header }: HttpRequest): Claims => ({
  method: header("x-forwarded-method"),
  scheme: header("x-forwarded-proto"),
  host: header("x-forwarded-host"),
  uri: header("x-forwarded-uri"),
});

/** As Envoy says it: method and Host are those that were asked, and the path has a prefix. */
const prefixedClaims = ({ header, method, target }: HttpRequest): Claims => ({
  method,
  scheme: header("x-forwarded-proto"),
  host: header("host"),
  uri: target?.slice(AUTHORIZE_PATH.length) ?? null,
});

async function refuseRoute(request: RequestFacts, reason: string, claims: Claims): Promise<never> {
  const { method, scheme, host, uri } = claims;
  const [path] = uri?.split("?", 1) ?? [];
  return refuseAtGate(
    { principal: null, request },
    {
      rule: "route",
      named: false,
      reason,
      method: method?.slice(0, 20) ?? "",
      address: `${scheme ?? ""}://${host ?? ""}${path ?? ""}`.slice(0, ADDRESS_LENGTH_MAX),
    },
  );
}

/** Every header is there at each answer, empty where there is nothing to say: so no client's own stays. */
async function admitted(
  request: HttpRequest,
  original: OriginalRequest,
  rule: PlacedRule,
  caller: Caller | null,
): Promise<Reply> {
  const trace = continueTrace(request.header("traceparent"));
  return emptyReply(200, {
    [ASSERTION_HEADER]: caller === null ? "" : await signAssertion(caller, rule, original),
    cookie: otherCookies(request.header("cookie")),
    authorization: rule.passAuthorization ? (request.header("authorization") ?? "") : "",
    traceparent: trace.traceparent,
    tracestate: trace.isNew ? "" : (request.header("tracestate") ?? ""),
  });
}

function refusal(error: unknown, request: HttpRequest, original: OriginalRequest | null): Reply {
  const told = error instanceof HeldAtGateway ? error.cause : error;
  const reply = problemOf(told, request.facts.requestId);
  const decisionId =
    told instanceof AccessDenied || told instanceof RefusedAtGate
      ? told.decisionId
      : told instanceof ProblemError
        ? told.problem.decisionId
        : undefined;
  const challenge = reply.headers["www-authenticate"] ?? "Bearer";
  const headers = {
    ...reply.headers,
    ...(decisionId !== undefined && { "gatehouse-decision-id": decisionId }),
    ...(reply.status === 401 &&
      typeof challenge === "string" && { "www-authenticate": withResourceMetadata(challenge) }),
  };
  const way =
    original !== null && isOwnNavigation(request, original) ? wayOf(error, original) : null;
  if (way === null) return { ...reply, headers };
  const location = `${getConfig().origin}${way}`;
  return { status: 302, headers: { ...headers, location }, body: null };
}

/**
 * Whether somebody is on the way to a page of our own origin. Of another one they cannot be led
 * back: the cookie of a session is of one host, and nobody is sent to where that does not help.
 */
function isOwnNavigation({ header }: HttpRequest, original: OriginalRequest): boolean {
  const mode = header("sec-fetch-mode");
  return (
    original.method === "GET" &&
    `${original.scheme}://${original.host}` === getConfig().origin &&
    header("authorization") === null &&
    header("accept")?.includes("text/html") === true &&
    (mode === null || mode === "navigate")
  );
}

/** The page of ours that brings what is missing, and leads back. */
function wayOf(error: unknown, { path, query }: OriginalRequest): string | null {
  // Through an address of ours: the page of somebody else's service is none that Next could go on to.
  const back = `${RETURN_PATH}?to=${encodeURIComponent(`${path}${query}`)}`;
  if (error instanceof HeldAtGateway) return holdPath(error.hold, back);
  if (error instanceof AssuranceInsufficient) return stepUpPath(back, error.requirement.acr);
  return isUnauthenticated(error) ? signInPath(back) : null;
}

/** nginx's `auth_request` knows 2xx, 401 and 403: what else it is to answer stands in headers. */
function forAuthRequest({ status, headers, body }: Reply): Reply {
  if (status === 302) {
    const { location = "", ...others } = headers;
    return { status: 401, headers: { ...others, "gatehouse-location": location }, body };
  }
  if (status === 429)
    return { status: 403, headers: { ...headers, "gatehouse-status": "429" }, body };
  return { status, headers, body };
}

/** The last step back to a page behind the gateway: to a path of our own origin, and nowhere else (ATK-13). */
function answerReturn({ query, header, method }: HttpRequest): Reply {
  if (method !== "GET" && method !== "HEAD") return emptyReply(405, { allow: "GET, HEAD" });
  // What Next itself asks for would be taken for a page of ours: the browser has to come.
  if (header("rsc") !== null) return emptyReply(204);
  const location = `${getConfig().origin}${safeReturnTo(query.get("to"))}`;
  return emptyReply(303, { ...API_SECURITY_HEADERS, location });
}
