import "server-only";
import type { z } from "zod";
import type { Endpoint } from "@/app/api/endpoint";
import {
  ProblemError,
  passwordExpired,
  problemOf,
  tooManyRequests,
  unauthenticated,
} from "@/app/api/problems";
import { ENDPOINTS } from "@/app/api/table";
import { authorize } from "@/lib/authz/authorize";
import { getConfig } from "@/lib/platform/config";
import { networkOf } from "@/lib/platform/http/client-address";
import { isOwnOrigin } from "@/lib/platform/http/origin";
import type { Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";
import { log } from "@/lib/platform/log";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { findPrincipal, sessionCookieName } from "@/lib/sessions/current-principal";
import { AAL2, AssuranceInsufficient, holdOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";

/** Changes through one route by one user, or by one network without a session (F117). */
const ROUTE_CHANGES: Limit = { name: "api-change", pointsMax: 300, windowSeconds: minutes(1) };

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
  try {
    const match = findEndpoint(request);
    route = match.endpoint.path;
    reply = await runEndpoint(match.endpoint, match.params, request);
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
  return {
    ...reply,
    headers: {
      ...API_SECURITY_HEADERS,
      "x-request-id": request.facts.requestId,
      ...reply.headers,
    },
  };
}

async function runEndpoint(
  endpoint: Endpoint,
  rawParams: Record<string, string>,
  request: HttpRequest,
): Promise<Reply> {
  const cookie = request.cookie(sessionCookieName());
  const origin = request.header("origin");
  const guarded = {
    method: request.method,
    origin,
    cookieAuthenticated: cookie !== undefined,
  };
  if (!isOwnOrigin(guarded, getConfig().origin)) {
    throw new ProblemError({
      status: 403,
      code: "foreign_origin",
      title: "The request came from another site",
      detail:
        "Send the Origin header of this installation with requests that a cookie authenticates.",
    });
  }
  const caller = endpoint.access === "anonymous" ? null : await requireCaller(cookie, request);
  if (caller !== null && typeof endpoint.access === "object") {
    await authorize(caller, endpoint.access);
  }
  if (request.method !== "GET") {
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
    body: (endpoint.body ? parse(endpoint.body, await jsonBody(request)) : undefined) as never,
  });
}

async function requireCaller(cookie: string | undefined, request: HttpRequest): Promise<Caller> {
  const principal = await findPrincipal(cookie);
  if (principal === null) throw unauthenticated();
  const hold = holdOf(principal);
  if (hold === "second-factor") throw new AssuranceInsufficient({ acr: AAL2 });
  if (hold === "password") throw passwordExpired();
  return { principal, request: request.facts };
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

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    status: 422,
    code: "validation_failed",
    title: "The request does not fit",
    errors: parsed.error.issues.map((issue) => ({
      path: issue.path.map(String).join("."),
      message: issue.message,
    })),
  });
}

const PATTERNS = ENDPOINTS.map((endpoint) => ({
  endpoint,
  names: [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
  expression: new RegExp(`^${endpoint.path.replace(/\{\w+\}/g, "([^/]+)")}$`),
}));

function findEndpoint({ method, path }: HttpRequest) {
  const matches = PATTERNS.flatMap((pattern) => {
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
