import "server-only";
import { AccessDenied } from "@/lib/authz/authorize";
import { HashingBusy } from "@/lib/credentials/password/hashing-slots";
import { isUnavailable } from "@/lib/platform/db/errors";
import { type Problem, problemReply, type Reply } from "@/lib/platform/http/reply";
import { BodyTooLarge } from "@/lib/platform/http/request";
import { log } from "@/lib/platform/log";
import { AssuranceInsufficient } from "@/lib/shared/assurance";

/** Ends the handling of a request with this problem document. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly headers: Reply["headers"] = {},
  ) {
    super(problem.title);
    this.name = "ProblemError";
  }
}

/** RFC 9470 §3: signed in, but not strongly or not recently enough. */
const insufficientAuthentication = ({ requirement }: AssuranceInsufficient): ProblemError => {
  const { acr, maxAge } = requirement;
  const parameters = [
    'error="insufficient_user_authentication"',
    ...(acr === undefined ? [] : [`acr_values="${acr}"`]),
    ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
  ];
  return new ProblemError(
    {
      status: 401,
      code: "insufficient_user_authentication",
      title: "Prove again who you are first",
    },
    { "www-authenticate": `Bearer ${parameters.join(", ")}` },
  );
};

export const passwordExpired = (): ProblemError =>
  new ProblemError({
    status: 403,
    code: "password_expired",
    title: "Your password has expired",
    detail: "Sign in with a browser and choose another one.",
  });

export const unauthenticated = (): ProblemError =>
  new ProblemError(
    { status: 401, code: "unauthenticated", title: "Sign in first" },
    { "www-authenticate": "Bearer" },
  );

/** Also for what exists in another organization: whether it does is nobody's business (ATK-43). */
export const notFound = (what: string): ProblemError =>
  new ProblemError({
    status: 404,
    code: "not_found",
    title: `There is no such ${what}`,
  });

export const tooManyRequests = (
  retryAfterSeconds: number,
  code = "too_many_requests",
): ProblemError =>
  new ProblemError(
    {
      status: 429,
      code,
      title: "Too many requests",
      detail: "Wait, then try again.",
    },
    { "retry-after": String(retryAfterSeconds) },
  );

const unavailable = (requestId: string, retryAfterSeconds: number): Reply =>
  problemReply(
    {
      status: 503,
      code: "unavailable",
      title: "Not possible right now; try again shortly",
    },
    requestId,
    { "retry-after": String(retryAfterSeconds) },
  );

const OUTAGE_RETRY_SECONDS = 5;

/** Maps whatever a handler threw; what is not expected is logged and told to nobody. */
export function problemOf(error: unknown, requestId: string): Reply {
  if (error instanceof ProblemError) return problemReply(error.problem, requestId, error.headers);
  if (error instanceof AssuranceInsufficient) {
    const { problem, headers } = insufficientAuthentication(error);
    return problemReply(problem, requestId, headers);
  }
  if (error instanceof AccessDenied) return problemReply(denialProblem(error), requestId);
  if (error instanceof BodyTooLarge) {
    const problem = {
      status: 413,
      code: "body_too_large",
      title: "The body exceeds 64 KiB",
    };
    return problemReply(problem, requestId);
  }
  if (error instanceof HashingBusy) return unavailable(requestId, error.retryAfterSeconds);
  log.error("a request failed", { requestId, error });
  if (isUnavailable(error)) return unavailable(requestId, OUTAGE_RETRY_SECONDS);
  return problemReply(
    {
      status: 500,
      code: "internal",
      title: "Something went wrong on our side",
    },
    requestId,
  );
}

/** Says which permission is missing; which role or rule decided is for administrators. */
const denialProblem = ({ decisionId, permission, reason }: AccessDenied): Problem => ({
  status: 403,
  code: "forbidden",
  title: "You may not do this",
  detail:
    reason === "no-grant"
      ? `This needs the permission ${permission.key}.`
      : `You hold the permission ${permission.key}, but not for this record.`,
  decisionId,
});
