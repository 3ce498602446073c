import "server-only";
import type { ProblemCode } from "@/app/api/problem-codes";
import { STRANGER_BUDGET } from "@/lib/authn/attempt-limits";
import { AccessDenied } from "@/lib/authz/authorize";
import type { DenialReason } from "@/lib/authz/evaluate";
import { HashingBusy } from "@/lib/credentials/password/hashing-slots";
import { TokenEngineUnavailable } from "@/lib/oidc/first-party";
import { apiResource } from "@/lib/oidc/scopes";
import { NetworkNotAllowed } from "@/lib/organizations/allowed-network";
import { isUnavailable } from "@/lib/platform/db/errors";
import { type Problem, problemReply, type Reply } from "@/lib/platform/http/reply";
import { BodyTooLarge } from "@/lib/platform/http/request";
import { log } from "@/lib/platform/log";
import { AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
import type { WorkChallenge } from "@/lib/shared/form-state";

/** A problem whose code is explained. */
type KnownProblem = Problem & { code: ProblemCode };

const answer = (problem: KnownProblem, requestId: string, headers?: Reply["headers"]): Reply =>
  problemReply(problem, requestId, headers);

/** Ends the handling of a request with this problem document. */
export class ProblemError extends Error {
  constructor(
    readonly problem: KnownProblem,
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

/** RFC 6750 §3: a token that is not good, or not for this, which takes `scope`. */
export const tokenProblem = (status: 401 | 403, challenge: string, scope: string): ProblemError =>
  new ProblemError(
    {
      status,
      code: status === 403 ? "insufficient_scope" : "invalid_token",
      title: status === 403 ? "The token does not reach this far" : "The token is not good here",
      detail:
        status === 403
          ? `This needs the scope ${scope}.`
          : `It is unknown, has ended, or is not for this API: ask for it with the scope ${scope} and the resource ${apiResource()}.`,
    },
    { "www-authenticate": challenge },
  );

const TOKEN_INSUFFICIENT: Record<TokenInsufficient["wants"], Omit<KnownProblem, "status">> = {
  person: {
    code: "person_required",
    title: "No token can do this",
    detail: "This takes somebody who has just proven who they are. Sign in for it.",
  },
  "second-factor": {
    code: "second_factor_required",
    title: "The token was made without a second factor",
    detail: "Sign in with your second factor, and make another token.",
  },
  user: {
    code: "user_required",
    title: "A service account is no user",
    detail: "This is about the user who asks, and there is none behind this token.",
  },
};

export const passwordExpired = (): ProblemError =>
  new ProblemError({
    status: 403,
    code: "password_expired",
    title: "Your password has expired",
    detail: "Sign in with a browser and choose another one.",
  });

/** For whom only a client that acts for itself will do (F94). */
export const serviceRequired = (): ProblemError =>
  new ProblemError({
    status: 403,
    code: "service_required",
    title: "Only a service account can ask this",
    detail: "Send an access token that a client got for itself, by its own credentials.",
  });

export const unauthenticated = (): ProblemError =>
  new ProblemError({ status: 401, code: "unauthenticated", title: "Sign in first" });

/**
 * A lock for whoever does not work on the challenge, until the failures are forgotten (F119). Ask
 * again with a `proof`: the token, a colon and a number whose SHA-256 begins with `bits` zeros.
 */
export const challengeRequired = (challenge: WorkChallenge): ProblemError =>
  new ProblemError(
    {
      status: 429,
      code: "temporarily_locked",
      title: "Wait, or work on the challenge first",
      detail:
        "Send `proof`: the token, a colon and a decimal number, such that the SHA-256 of this text begins with as many zero bits as `bits` says.",
      challenge,
    },
    { "retry-after": String(STRANGER_BUDGET.failures.windowSeconds) },
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
  code: ProblemCode = "too_many_requests",
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
  answer(
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
  if (error instanceof ProblemError) return answer(error.problem, requestId, error.headers);
  if (error instanceof AssuranceInsufficient) {
    const { problem, headers } = insufficientAuthentication(error);
    return answer(problem, requestId, headers);
  }
  if (error instanceof TokenInsufficient) {
    return answer({ status: 403, ...TOKEN_INSUFFICIENT[error.wants] }, requestId);
  }
  if (error instanceof NetworkNotAllowed) return answer(networkProblem(error), requestId);
  if (error instanceof AccessDenied) return answer(denialProblem(error), requestId);
  if (error instanceof BodyTooLarge) {
    const problem = {
      status: 413,
      code: "body_too_large",
      title: "The body exceeds 64 KiB",
    } as const;
    return answer(problem, requestId);
  }
  if (error instanceof TokenEngineUnavailable) return unavailable(requestId, OUTAGE_RETRY_SECONDS);
  if (error instanceof HashingBusy) return unavailable(requestId, error.retryAfterSeconds);
  log.error("a request failed", { requestId, error });
  if (isUnavailable(error)) return unavailable(requestId, OUTAGE_RETRY_SECONDS);
  return answer(
    {
      status: 500,
      code: "internal",
      title: "Something went wrong on our side",
    },
    requestId,
  );
}

const DENIALS: Record<DenialReason, (key: string) => string> = {
  "no-grant": (key) => `This needs the permission ${key}.`,
  "condition-not-met": (key) =>
    `You hold the permission ${key}, but not for this record, or not now.`,
  "denied-by-policy": (key) => `A rule denies what the permission ${key} is for.`,
};

/** Which networks would do is for administrators. */
const networkProblem = ({ decisionId }: NetworkNotAllowed): KnownProblem => ({
  status: 403,
  code: "network_not_allowed",
  title: "Not from this network",
  detail: "The organization is used from certain networks, and the request came from another one.",
  decisionId,
});

/** Says which permission it is about and of what kind the reason is; which role or rule decided is for administrators. */
const denialProblem = ({ decisionId, permission, reason }: AccessDenied): KnownProblem => ({
  status: 403,
  code: "forbidden",
  title: "You may not do this",
  detail: DENIALS[reason](permission.key),
  reason,
  decisionId,
});
