import "server-only";
import { z } from "zod";
import { type Endpoint, publicEndpoint } from "@/app/api/endpoint";
import { requireNotKeptOut } from "@/app/api/kept-out";
import {
  challengeRequired,
  ProblemError,
  tooManyRequests,
  unauthenticated,
} from "@/app/api/problems";
import { Proof } from "@/app/api/proof.schema";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { findFlow } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { requireOwnOrigin } from "@/lib/authz/refuse-at-gate";
import { stopImpersonation } from "@/lib/impersonation/end-impersonation";
import {
  type FirstPartyTokens,
  findSessionOfAccessToken,
  findSessionOfRefreshToken,
  issueFirstPartyTokens,
  refreshFirstPartyTokens,
  revokeFirstPartyTokens,
} from "@/lib/oidc/first-party";
import { getConfig } from "@/lib/platform/config";
import { hostCookieName } from "@/lib/platform/http/host-cookie-name";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";
import { parseCookies } from "@/lib/platform/http/request";
import {
  clearedSessionCookie,
  findPrincipal,
  findPrincipalOfSession,
  sessionCookieName,
} from "@/lib/sessions/current-principal";
import { deviceCookieName } from "@/lib/sessions/known-device";
import { endSession } from "@/lib/sessions/revoke-sessions";
import type { RequestFacts } from "@/lib/shared/caller";
import { Email } from "@/lib/shared/email.schema";
import type { FactorKind } from "@/lib/shared/factor";

const refreshCookieName = (): string => hostCookieName("refresh");

/** Strict: nothing that another site starts needs it. */
function refreshCookie(value: string, maxAgeSeconds: number): string {
  const secure = getConfig().secureCookies ? "; Secure" : "";
  return `${refreshCookieName()}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`;
}

const Tokens = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  scope: z.string(),
});

function tokensReply(tokens: FirstPartyTokens): Reply {
  const body = {
    access_token: tokens.accessToken,
    token_type: "Bearer",
    expires_in: tokens.expiresInSeconds,
    scope: tokens.scope,
  };
  const { refreshLifetimeSeconds } = getConfig().tokens;
  return jsonReply(200, body, {
    "set-cookie": refreshCookie(tokens.refreshToken, refreshLifetimeSeconds),
  });
}

/** Factors that an answer in JSON can prove; a passkey needs a browser. */
const BY_CODE: readonly FactorKind[] = ["totp", "recovery-code", "email-code", "sms-code"];

const invalidCredentials = (): ProblemError =>
  new ProblemError({
    status: 401,
    code: "invalid_credentials",
    title: "The email address or the password is not right",
  });

async function signedIn(ticket: string, device: string | undefined, request: RequestFacts) {
  const browser = { deviceSecret: device, sessionSecret: undefined };
  const redeemed = await redeemSignInTicket(ticket, browser, request);
  const principal = redeemed && (await findPrincipal(redeemed.sessionSecret));
  if (!principal) throw invalidCredentials();
  return tokensReply(await issueFirstPartyTokens(principal.userId, principal.session.id));
}

const deviceOf = (header: (name: string) => string | null): string | undefined =>
  parseCookies(header("cookie")).get(deviceCookieName());

const login = publicEndpoint({
  method: "POST",
  path: "/api/v1/auth/login",
  tag: "Authentication",
  summary: "Sign in with address and password; the refresh token comes as a cookie",
  body: z.strictObject({ email: Email, password: z.string().min(1).max(1024), proof: Proof }),
  responses: { 200: { description: "Signed in", schema: Tokens } },
  run: async ({ body: { email, password, proof }, header, request }) => {
    const device = deviceOf(header);
    const result = await signInWithPassword(email, password, device, request, { proof });
    if (result.outcome === "authenticated") return signedIn(result.ticket, device, request);
    if (result.outcome === "locked") {
      throw tooManyRequests(result.retryAfterSeconds, "temporarily_locked");
    }
    if (result.outcome === "challenge-required") throw challengeRequired(result.challenge);
    if (result.outcome === "rejected") throw invalidCredentials();
    throw await mfaRequired(result.flowSecret, device);
  },
});

async function mfaRequired(flowSecret: string, device: string | undefined): Promise<ProblemError> {
  const flow = await findFlow(flowSecret, device);
  const offers = flow !== null && "offers" in flow.next ? flow.next.offers : [];
  const factors = offers.filter((kind) => BY_CODE.includes(kind));
  return new ProblemError({
    status: 401,
    code: "mfa_required",
    title: "A second factor is needed",
    ...(factors.length === 0 && {
      detail: "The only ones of this user need a browser: sign in at /sign-in.",
    }),
    mfa_token: flowSecret,
    factors,
  });
}

const mfa = publicEndpoint({
  method: "POST",
  path: "/api/v1/auth/mfa",
  tag: "Authentication",
  summary: "Give the second factor; without a code, one is sent where the factor has to be sent",
  body: z.strictObject({
    mfa_token: z.string().max(100),
    factor: z.enum(["totp", "recovery-code", "email-code", "sms-code"]),
    code: z.string().max(100).optional(),
    proof: Proof,
  }),
  responses: {
    200: { description: "Signed in", schema: Tokens },
    202: { description: "A code is on its way" },
  },
  run: async ({ body: { mfa_token: flowSecret, factor, code, proof }, header, request }) => {
    const device = deviceOf(header);
    const browser = { flowSecret, deviceSecret: device };
    if (code === undefined) {
      const prompted = await promptFactor(browser, factor, request);
      if (prompted.outcome === "limited") throw tooManyRequests(prompted.retryAfterSeconds);
      if (prompted.outcome !== "asked") throw flowEnded();
      return jsonReply(202, { status: "sent" });
    }
    const result = await attemptFactor(
      browser,
      factor,
      { code },
      { trustDevice: false, proof },
      request,
    );
    switch (result.outcome) {
      case "authenticated":
        return signedIn(result.ticket, device, request);
      case "continue":
        throw await mfaRequired(result.flowSecret, device);
      case "challenge-required":
        throw challengeRequired(result.challenge);
      case "locked":
        throw tooManyRequests(result.retryAfterSeconds, "temporarily_locked");
      case "rejected":
        throw new ProblemError({
          status: 401,
          code: "invalid_code",
          title: "The code is not right",
        });
      default:
        throw flowEnded();
    }
  },
});

const flowEnded = (): ProblemError =>
  new ProblemError({
    status: 401,
    code: "mfa_expired",
    title: "This sign-in has ended or does not ask for that",
    detail: "Sign in again.",
  });

/** The cookie is Strict, and browsers name their origin: another site's is refused (D18). */
const requireNoOtherSite = (
  header: (name: string) => string | null,
  request: RequestFacts,
): Promise<void> =>
  requireOwnOrigin({ method: "POST", origin: header("origin"), byCookie: false }, request);

const refresh = publicEndpoint({
  method: "POST",
  path: "/api/v1/auth/refresh",
  tag: "Authentication",
  summary:
    "Replace the refresh token of the cookie; the same one again within ten seconds gets the same successor",
  responses: { 200: { description: "New tokens", schema: Tokens } },
  run: async ({ header, request }) => {
    await requireNoOtherSite(header, request);
    const token = parseCookies(header("cookie")).get(refreshCookieName());
    if (token === undefined) throw unauthenticated();
    await requireNotHeld(token, request);
    const result = await refreshFirstPartyTokens(token, request);
    if (result.outcome === "refreshed") return tokensReply(result);
    const reused = result.reason === "reused";
    throw new ProblemError(
      {
        status: 401,
        code: reused ? "token_reused" : "unauthenticated",
        title: reused ? "This sign-in was ended: its key was used twice" : "Sign in first",
      },
      {
        "www-authenticate": "Bearer",
        // Another tab may have got the successor meanwhile: that cookie stays.
        ...(result.reason === "superseded" ? {} : { "set-cookie": refreshCookie("", 0) }),
      },
    );
  },
});

/** Whoever is kept out keeps the token, and is told as everywhere what keeps them out. */
async function requireNotHeld(refreshToken: string, request: RequestFacts): Promise<void> {
  const shown = await findSessionOfRefreshToken(refreshToken);
  if (shown === null) return;
  const principal = await findPrincipalOfSession(shown.sessionId, shown.userId, null);
  if (principal !== null) await requireNotKeptOut({ principal, request });
}

const logout = publicEndpoint({
  method: "POST",
  path: "/api/v1/auth/logout",
  tag: "Authentication",
  summary:
    "End the session of the refresh token, the access token and the session cookie that come along, and everything issued in it",
  responses: { 204: { description: "Signed out, also when nobody was signed in" } },
  run: async ({ header, request }) => {
    await requireNoOtherSite(header, request);
    const cookies = parseCookies(header("cookie"));
    for (const { userId, sessionId } of await sessionsShown(cookies, header)) {
      await endSession(userId, sessionId, request);
      await revokeFirstPartyTokens(sessionId);
    }
    // Whoever acts as somebody else signs nobody else out, and acts no longer (F101).
    await stopImpersonation(cookies.get(sessionCookieName()), request);
    const ofSession = cookies.has(sessionCookieName()) ? [clearedSessionCookie()] : [];
    return emptyReply(204, { "set-cookie": [refreshCookie("", 0), ...ofSession] });
  },
});

/** The sessions that a request shows something of, each once. What is worth nothing shows none. */
async function sessionsShown(
  cookies: ReadonlyMap<string, string>,
  header: (name: string) => string | null,
): Promise<{ userId: string; sessionId: string }[]> {
  const refreshToken = cookies.get(refreshCookieName());
  const principal = await findPrincipal(cookies.get(sessionCookieName()));
  const shown = [
    refreshToken === undefined ? null : await findSessionOfRefreshToken(refreshToken),
    principal && { userId: principal.userId, sessionId: principal.session.id },
    header("authorization") === null ? null : await findSessionOfAccessToken(header),
  ];
  return [
    ...new Map(shown.filter((one) => one !== null).map((one) => [one.sessionId, one])).values(),
  ];
}

export const TOKEN_ENDPOINTS: Endpoint[] = [login, mfa, refresh, logout];
