import "server-only";
import { requireNotKeptOut } from "@/app/api/kept-out";
import { findPrincipalOfRequest } from "@/app/api/principal-of-request";
import { ProblemError, tooManyRequests, unauthenticated } from "@/app/api/problems";
import { PERMISSIONS } from "@/app/permissions";
import { authorize } from "@/lib/authz/authorize";
import { refuseAtGate, requireOwnSelf } from "@/lib/authz/refuse-at-gate";
import type { PlacedRule } from "@/lib/gateway/choose-rule";
import type { OriginalRequest } from "@/lib/gateway/original-request";
import { API_READ, API_WRITE } from "@/lib/oidc/scopes";
import { networkOf } from "@/lib/platform/http/client-address";
import { isOwnOrigin } from "@/lib/platform/http/origin";
import type { HttpRequest } from "@/lib/platform/http/request";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import {
  AssuranceInsufficient,
  type Hold,
  holdOf,
  isAssured,
  isPerson,
  requireUser,
  TokenInsufficient,
} from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import type { Principal } from "@/lib/shared/principal";

/** A person whose organization, or what they asked for themselves, holds them: a browser is led to where that ends. */
export class HeldAtGateway extends Error {
  constructor(
    readonly hold: Hold,
    /** What whoever is no browser is answered. */
    override readonly cause: unknown,
  ) {
    super(`held: ${hold}`);
    this.name = "HeldAtGateway";
  }
}

const READING = ["GET", "HEAD", "OPTIONS"];
/** A limit of so short a window says how often, and one of a longer one how many. */
const RATE_SECONDS_MAX = minutes(10);

/**
 * Returns who may make a request, null where the rule asks nobody who they are, and throws what the
 * API throws otherwise: the session, token, rules of the organization, permission and budget
 * are judged as there, at each request (F125, F126).
 */
export async function admit(
  request: HttpRequest,
  original: OriginalRequest,
  rule: PlacedRule,
): Promise<Caller | null> {
  if (rule.access === "anonymous") {
    await spendBudget(rule, networkOf(request.facts.ip));
    return null;
  }
  const { facts } = request;
  const cookie = request.cookie(sessionCookieName());
  await requireOrigin(request, original, cookie !== undefined);
  const principal = await findPrincipalOfRequest(
    cookie,
    {
      method: original.method,
      facts,
      header: (name) => request.header(name),
      url: `${original.scheme}://${original.host}${original.path}`,
    },
    rule.scope ?? (READING.includes(original.method) ? API_READ : API_WRITE),
  );
  if (principal === null) throw unauthenticated();
  const caller = { principal, request: facts };
  try {
    await requireWhatRuleAsks(caller, rule);
  } catch (error) {
    if (!(error instanceof TokenInsufficient)) throw error;
    const { wants, goodBy } = error;
    return refuseAtGate(caller, { rule: "token-kind", wants, goodBy });
  }
  await spendBudget(rule, principal.userId);
  return caller;
}

async function requireWhatRuleAsks(caller: Caller, rule: PlacedRule): Promise<void> {
  const { principal } = caller;
  try {
    await requireNotKeptOut(caller);
  } catch (error) {
    const hold = holdOf(principal);
    throw hold === null ? error : new HeldAtGateway(hold, error);
  }
  await requireOwnSelf(caller, rule.impersonated);
  if (!rule.services) requireUser(principal);
  const { access } = rule;
  if (typeof access === "object") {
    const permission = PERMISSIONS.find(({ key }) => key === access.permission);
    if (permission === undefined) throw new Error(`there is no permission ${access.permission}`);
    await authorize(caller, permission);
  }
  requireAssuranceOf(principal, rule);
}

/** The permission first: whoever lacks it is not asked to prove anything for nothing. */
function requireAssuranceOf(principal: Principal, { acr, maxAge }: PlacedRule): void {
  if (acr === undefined && maxAge === undefined) return;
  const requirement = {
    ...(acr !== undefined && { acr }),
    ...(maxAge !== undefined && { maxAge }),
  };
  // Whoever acts as somebody else proves nothing in their name (F101).
  const isProven =
    principal.act === undefined && isAssured(principal.session, requirement, principal.asOf);
  if (isProven) return;
  if (isPerson(principal)) throw new AssuranceInsufficient(requirement);
  throw new TokenInsufficient("person", ["session", "app"]);
}

/**
 * What a cookie authenticates and changes something comes from a page of the same origin (ATK-03).
 * A socket is opened by GET and is written to afterwards, so that it counts as a change.
 */
async function requireOrigin(
  request: HttpRequest,
  { method: asked, scheme, host }: OriginalRequest,
  hasCookie: boolean,
): Promise<void> {
  const isSocket = ["upgrade", "sec-websocket-key"].some((name) => request.header(name) !== null);
  const method = isSocket ? "POST" : asked;
  const byCookie = hasCookie && request.header("authorization") === null;
  const [own, origin] = [`${scheme}://${host}`, request.header("origin")];
  if (!byCookie || isOwnOrigin({ method, origin, cookieAuthenticated: byCookie }, own)) return;
  const cut = origin?.slice(0, Math.max(300, own.length + 1)) ?? null;
  await refuseAtGate(
    { principal: null, request: request.facts },
    { rule: "origin", method, origin: cut, own, byCookie },
  );
}

async function spendBudget({ name, rateLimit }: PlacedRule, who: string): Promise<void> {
  if (rateLimit === undefined) return;
  const { requests, seconds } = rateLimit;
  // Counters of other terms are not counters of this rule.
  const terms = {
    name: `gateway-${name}-${requests}-${seconds}`,
    pointsMax: requests,
    windowSeconds: seconds,
  };
  // A few in an hour may be all that stands before the sign-in of a service.
  const isRate = seconds <= RATE_SECONDS_MAX;
  const budget = await spend(isRate ? { ...terms, counts: "requests" } : terms, who);
  if (!budget.allowed) throw tooManyRequests(budget.retryAfterSeconds);
}

/** Whether a refusal is for want of a sign-in that a browser could bring. */
export const isUnauthenticated = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === "unauthenticated";
