import "server-only";
import type { ProblemCode } from "@/app/api/problem-codes";
import { STRANGER_BUDGET } from "@/lib/authn/attempt-limits";
import { AccessDenied } from "@/lib/authz/authorize";
import type { DenialReason } from "@/lib/authz/evaluate";
import type { TokenWants } from "@/lib/authz/gate-trace";
import { RefusedAtGate, type ThrownGate } from "@/lib/authz/refuse-at-gate";
import { HashingBusy } from "@/lib/credentials/password/hashing-slots";
import { TokenEngineUnavailable } from "@/lib/oidc/first-party";
import { apiResource } from "@/lib/oidc/scopes";
import { isUnavailable } from "@/lib/platform/db/errors";
import { type Problem, problemReply, type Reply } from "@/lib/platform/http/reply";
import { BodyTooLarge } from "@/lib/platform/http/request";
import { log } from "@/lib/platform/log";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
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

/** RFC 6750 §3: a token that is not good here, which takes `scope`. */
export const invalidToken = (challenge: string, scope: string): ProblemError =>
  new ProblemError(
    {
      status: 401,
      code: "invalid_token",
      title: "The token is not good here",
      detail: `It is unknown, has ended, or is not for this API: ask for it with the scope ${scope} and the resource ${apiResource()}.`,
    },
    { "www-authenticate": challenge },
  );

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
  if (error instanceof RefusedAtGate) return answer(gateProblem(error), requestId);
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

type Told = Omit<KnownProblem, "status" | "decisionId">;

const TOKEN_KINDS: Record<TokenWants, Told> = {
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
  service: {
    code: "service_required",
    title: "Only a service account can ask this",
    detail: "Send an access token that a client got for itself, by its own credentials.",
  },
};

/** What a gate decided by, such as which networks would do, is for administrators. */
const GATES: { [R in ThrownGate["rule"]]: (gate: Extract<ThrownGate, { rule: R }>) => Told } = {
  network: () => ({
    code: "network_not_allowed",
    title: "Not from this network",
    detail:
      "The organization is used from certain networks, and the request came from another one.",
  }),
  "token-kind": ({ wants }) => TOKEN_KINDS[wants],
  scope: ({ required }) => ({
    code: "insufficient_scope",
    title: "The token does not reach this far",
    detail: `This needs the scope ${required}.`,
  }),
  "single-sign-on": () => ({
    code: "single_sign_on_required",
    title: "The organization is opened only through its own identity provider",
    detail: "Sign in there with a browser. A token has to be made anew by a session from there.",
  }),
  "account-deletion": () => ({
    code: "account_deletion_pending",
    title: "Your account is to be deleted",
    detail: "Sign in with a browser to keep it.",
  }),
  terms: () => ({
    code: "terms_not_accepted",
    title: "There are terms to accept",
    detail: "Sign in with a browser to read them.",
  }),
  "password-age": () => ({
    code: "password_expired",
    title: "Your password has expired",
    detail: "Sign in with a browser and choose another one.",
  }),
  origin: () => ({
    code: "foreign_origin",
    title: "The request came from another site",
    detail:
      "Send the Origin header of this installation with requests that a cookie authenticates.",
  }),
  impersonated: () => ({
    code: "impersonated_session",
    title: "This is left to the user",
    detail: "You act as somebody else, who does this themselves. Stop impersonating first.",
  }),
  "sign-up": () => ({ code: "sign_up_closed", title: "There are no sign-ups here" }),
  route: () => ({
    code: "not_admitted",
    title: "The gateway does not let this through",
    detail: "No rule of the gateway names it, or its address can be read in more than one way.",
  }),
};

/** For a refusal whose answer says more in its headers. */
export const refusedByGate = (refusal: RefusedAtGate, headers: Reply["headers"]): ProblemError =>
  new ProblemError(gateProblem(refusal), headers);

const gateProblem = ({ gate, decisionId }: RefusedAtGate): KnownProblem => {
  const told = GATES[gate.rule] as (gate: ThrownGate) => Told;
  return { status: 403, ...told(gate), decisionId };
};

/** Says which permission it is about and of what kind the reason is; which role or rule decided is for administrators. */
const denialProblem = ({ decisionId, permission, reason }: AccessDenied): KnownProblem => ({
  status: 403,
  code: "forbidden",
  title: "You may not do this",
  detail: DENIALS[reason](permission.key),
  reason,
  decisionId,
});
