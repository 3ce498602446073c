import "server-only";
import type { z } from "zod";
import { ACCESS_PREFIX } from "@/app/api/access-metadata";
import { answerPreflight, crossOriginHeaders, isPreflight } from "@/app/api/cross-origin";
import { type Endpoint, scopeFor } from "@/app/api/endpoint";
import { requireNotKeptOut } from "@/app/api/kept-out";
import { askingUs, findPrincipalOfRequest } from "@/app/api/principal-of-request";
import { ProblemError, problemOf, tooManyRequests, unauthenticated } from "@/app/api/problems";
import { withResourceMetadata } from "@/app/api/protected-resource";
import { ENDPOINTS } from "@/app/api/table";
import { validationWords } from "@/app/api/validation-words";
import { authorize } from "@/lib/authz/authorize";
import { refuseAtGate, requireOwnOrigin, requireOwnSelf } from "@/lib/authz/refuse-at-gate";
import { networkOf } from "@/lib/platform/http/client-address";
import type { Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { log } from "@/lib/platform/log";
import { type RequestRate, spend } from "@/lib/platform/rate-limit/limiter";
import { describeRoute } from "@/lib/platform/tracing/spans";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { requireUser, TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";

/** Changes through one route by one user, or by one network without a session (F117). */
const ROUTE_CHANGES: RequestRate = {
  name: "api-change",
  pointsMax: 300,
  windowSeconds: minutes(1),
  counts: "requests",
};

/** Contract: a larger body is answered with 413. */
const BODY_BYTES_MAX = 64 * 1024;

/**
 * Answers a request to the JSON API. Both mounts call this, so that origin,
 * session, permission, parsing, errors and headers are the same behind either (D20).
 */
export async function answerApiRequest(request: HttpRequest): Promise<Reply> {
  const startedAt = performance.now();
  let reply: Reply;
  let route = "unmatched";
  let crossOrigin: Record<string, string> | null = null;
  try {
    const preflight = isPreflight(request);
    const method = preflight ? request.header("access-control-request-method") : request.method;
    const match = findEndpoint(method ?? "", request.path);
    route = match.endpoint.path;
    describeRoute(request.method, route);
    crossOrigin = await crossOriginHeaders(request, match.endpoint);
    reply = preflight
      ? await answerPreflight(request, match.endpoint)
      : await runEndpoint(match.endpoint, match.params, request, crossOrigin !== null);
  } catch (error) {
    reply = problemOf(error, request.facts.requestId);
  }
  log.info("request", {
    requestId: request.facts.requestId,
    method: request.method,
    route,
    status: reply.status,
    durationMs: Math.round(performance.now() - startedAt),
  });
  // Every 401 says how to authenticate (RFC 9110 §15.5.2).
  const challenge = reply.headers["www-authenticate"] ?? (reply.status === 401 ? "Bearer" : null);
  return {
    ...reply,
    headers: {
      ...API_SECURITY_HEADERS,
      "x-request-id": echoedRequestId(request) ?? request.facts.requestId,
      ...reply.headers,
      ...crossOrigin,
      ...(typeof challenge === "string" && {
        "www-authenticate": withResourceMetadata(challenge),
      }),
    },
  };
}

/** A program that asks about access may name its requests as it likes, and is told that name (AuthZEN 1.0 §10.1.3). */
function echoedRequestId({ path, header }: HttpRequest): string | null {
  const given = path.startsWith(ACCESS_PREFIX) ? header("x-request-id") : null;
  return given !== null && /^[\x21-\x7e]{1,200}$/.test(given) ? given : null;
}

async function runEndpoint(
  endpoint: Endpoint,
  rawParams: Record<string, string>,
  request: HttpRequest,
  fromClientOrigin: boolean,
): Promise<Reply> {
  const cookie = request.cookie(sessionCookieName());
  const asked = {
    method: request.method,
    origin: request.header("origin"),
    // A token is no ambient authority, so nobody can lend it from another site.
    byCookie: cookie !== undefined && request.header("authorization") === null,
  };
  if (!fromClientOrigin) await requireOwnOrigin(asked, request.facts);
  if (endpoint.access === "anonymous") return answer(endpoint, null, rawParams, request);
  const principal = await findPrincipalOfRequest(cookie, askingUs(request), scopeFor(endpoint));
  if (principal === null) throw unauthenticated();
  const caller = { principal, request: request.facts };
  try {
    await admit(caller, endpoint);
    return await answer(endpoint, caller, rawParams, request);
  } catch (error) {
    if (!(error instanceof TokenInsufficient)) throw error;
    const { wants, goodBy } = error;
    return refuseAtGate(caller, { rule: "token-kind", wants, goodBy });
  }
}

/** What is asked of whoever calls, before what they call for is looked at. */
async function admit(caller: Caller, endpoint: Endpoint): Promise<void> {
  const { principal } = caller;
  await requireNotKeptOut(caller, endpoint.during);
  await requireOwnSelf(caller, endpoint.impersonated === true);
  if (endpoint.services !== true) requireUser(principal);
  if (typeof endpoint.access === "object") await authorize(caller, endpoint.access);
  // The permission first: whoever lacks it is refused for that.
  if (endpoint.servicesOnly === true && principal.means !== "service") {
    await refuseAtGate(caller, { rule: "token-kind", wants: "service", goodBy: ["service"] });
  }
}

async function answer(
  endpoint: Endpoint,
  caller: Caller | null,
  rawParams: Record<string, string>,
  request: HttpRequest,
): Promise<Reply> {
  if (request.method !== "GET" && endpoint.unbudgeted !== true) {
    const who = caller?.principal.userId ?? networkOf(request.facts.ip);
    const budget = await spend(ROUTE_CHANGES, `${endpoint.method} ${endpoint.path} ${who}`);
    if (!budget.allowed) throw tooManyRequests(budget.retryAfterSeconds);
  }
  return endpoint.run({
    caller,
    request: request.facts,
    header: (name) => request.header(name),
    params: parse(endpoint.params, rawParams) as never,
    query: parse(endpoint.query, queryOf(request.query)) as never,
    body: (endpoint.body
      ? parse(endpoint.body, await jsonBody(request), endpoint.unfittingStatus)
      : undefined) as never,
  });
}

/** A parameter given twice is an error, never a choice between the two. */
function queryOf(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

async function jsonBody(request: HttpRequest): Promise<unknown> {
  const type = request.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new ProblemError({
      status: 415,
      code: "unsupported_media_type",
      title: "The body must be JSON",
      detail: "Send Content-Type: application/json.",
    });
  }
  const text = await request.text(BODY_BYTES_MAX);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProblemError({
      status: 400,
      code: "malformed_json",
      title: "The body is not valid JSON",
    });
  }
}

function parse(schema: z.ZodType | undefined, value: unknown, status: 400 | 422 = 422): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value, { error: validationWords });
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    status,
    code: status === 400 ? "malformed_request" : "validation_failed",
    title: "The request does not fit",
    errors: parsed.error.issues.map((issue) => ({
      path: issue.path.map(String).join("."),
      message: issue.message,
    })),
  });
}

/** Paths of different groups have no path in common, as no endpoint leaves the name after the version open. */
function groupOf(path: string): string {
  const segments = path.split("/");
  return `${segments.length} ${segments[3]}`;
}

const PATTERNS = Map.groupBy(
  ENDPOINTS.map((endpoint) => ({
    endpoint,
    names: [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
    expression: new RegExp(`^${endpoint.path.replace(/\{\w+\}/g, "([^/]+)")}$`),
  })),
  ({ endpoint }) => groupOf(endpoint.path),
);

function findEndpoint(method: string, path: string) {
  const matches = (PATTERNS.get(groupOf(path)) ?? []).flatMap((pattern) => {
    const found = pattern.expression.exec(path);
    return found ? [{ ...pattern, values: found.slice(1) }] : [];
  });
  const match = matches.find(({ endpoint }) => endpoint.method === method);
  if (match) {
    const params = match.names.map((name, index) => [name, match.values[index] ?? ""]);
    return {
      endpoint: match.endpoint,
      params: Object.fromEntries(params) as Record<string, string>,
    };
  }
  if (matches.length === 0) {
    throw new ProblemError({
      status: 404,
      code: "not_found",
      title: "There is nothing here",
    });
  }
  const allowed = matches.map(({ endpoint }) => endpoint.method).join(", ");
  throw new ProblemError(
    {
      status: 405,
      code: "method_not_allowed",
      title: `Only ${allowed} is possible here`,
    },
    { allow: allowed },
  );
}
