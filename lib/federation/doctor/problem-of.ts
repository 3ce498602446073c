import "server-only";
import * as oauth from "oauth4webapi";
import {
  failed,
  type Problem,
  type StepName,
  type TestStep,
} from "@/lib/federation/doctor/test-step";
import { OutboundRefused } from "@/lib/platform/http/outbound-address";

type Causes = { code: string; message: string; cause: unknown }[];

function causesOf(error: unknown): Causes {
  const causes: Causes = [];
  for (let at = error; at instanceof Error && causes.length < 6; at = at.cause) {
    const { code } = at as { code?: unknown };
    causes.push({
      code: typeof code === "string" ? code : "",
      message: at.message,
      cause: at.cause,
    });
  }
  return causes;
}

const NETWORK: [RegExp, Problem][] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/, "host-unknown"],
  [/^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/, "tls"],
  [/^(ECONN|EHOST|ENET|ETIMEDOUT|EPIPE|UND_ERR)/, "unreachable"],
];

/** What kept the provider from being asked or from answering; null for what it answered. */
export function networkProblemOf(error: unknown): Problem | null {
  if (error instanceof OutboundRefused) return "address-refused";
  const causes = causesOf(error);
  for (const [pattern, problem] of NETWORK) {
    if (causes.some(({ code }) => pattern.test(code))) return problem;
  }
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  return timedOut ? "unreachable" : null;
}

const wordsOf = (error: string, description?: string | null): string =>
  [error, description].filter(Boolean).join(": ");

/** Entra ID asks an administrator of the tenant to agree first (AADSTS65001, AADSTS90094). */
const CONSENT = /AADSTS(65001|90094|65004)|consent_required|admin(istrator)? (consent|approval)/i;

function authorizationProblem(error: string, said: string): Problem {
  if (CONSENT.test(said)) return "consent-required";
  if (error === "access_denied") return "access-denied";
  if (error === "invalid_scope") return "scope-refused";
  if (/redirect[_ ]?uri/i.test(said)) return "redirect-uri";
  return error === "unauthorized_client" ? "client-unknown" : "answer-error";
}

/** AADSTS7000215 is a wrong secret, AADSTS7000222 an expired one, AADSTS700016 an unknown client. */
function tokenProblem(error: string, said: string, methods: string[] | undefined, method: string) {
  if (/AADSTS700016/.test(said)) return "client-unknown";
  if (CONSENT.test(said)) return "consent-required";
  if (/redirect[_ ]?uri/i.test(said)) return "redirect-uri";
  if (error === "invalid_client" || error === "unauthorized_client") {
    return methods !== undefined && !methods.includes(method)
      ? "auth-method-unsupported"
      : "secret-wrong";
  }
  return error === "invalid_grant" ? "code-refused" : "token-refused";
}

export interface Expectations {
  authMethod: string;
  authMethods: string[] | undefined;
}

/** What an error of a step means, in the words of {@link Problem}. */
export function problemOf(step: StepName, error: unknown, expected: Expectations): TestStep {
  const network = networkProblemOf(error);
  if (network !== null) return failed(step, network, causesOf(error).at(-1)?.message);
  if (error instanceof oauth.AuthorizationResponseError) {
    const said = wordsOf(error.error, error.error_description);
    return failed(step, authorizationProblem(error.error, said), said);
  }
  if (error instanceof oauth.ResponseBodyError) {
    const said = wordsOf(error.error, error.error_description);
    const { authMethods, authMethod } = expected;
    return step === "userinfo"
      ? failed(step, "userinfo-refused", said)
      : failed(step, tokenProblem(error.error, said, authMethods, authMethod), said);
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    const { authMethods, authMethod } = expected;
    return step === "token"
      ? failed(step, tokenProblem("invalid_client", "", authMethods, authMethod))
      : failed(step, "userinfo-refused");
  }
  return failed(step, processingProblem(step, error), error instanceof Error ? error.message : "");
}

/** Codes and claims of oauth4webapi, which says in `cause` what it compared. */
function processingProblem(step: StepName, error: unknown): Problem {
  const causes = causesOf(error);
  const [first] = causes;
  const { code = "", message = "" } = first ?? {};
  const cause = (first?.cause ?? {}) as { claim?: string };
  if (step === "discovery")
    return /bad port/.test(causes.at(-1)?.message ?? "") ? "address-refused" : "unexpected";
  if (step === "callback") return /"iss"/.test(message) ? "answer-issuer" : "answer-error";
  if (step === "userinfo") return /"sub"/.test(message) ? "userinfo-subject" : "userinfo-refused";
  switch (code) {
    case oauth.JWT_TIMESTAMP_CHECK:
      return "clock";
    case oauth.JWT_CLAIM_COMPARISON:
      return claimProblem(cause.claim);
    case oauth.KEY_SELECTION:
      return "key-missing";
  }
  if (/"nonce"/.test(message)) return "id-token-nonce";
  if (/"id_token" property/.test(message)) return "no-id-token";
  if (/"alg"|JWS algorithm/.test(message)) return "id-token-alg";
  if (/signature verification/.test(message)) return "signature-wrong";
  if (step === "signature") return "key-missing";
  return /JWT/.test(message) ? "id-token-invalid" : "token-refused";
}

function claimProblem(claim: string | undefined): Problem {
  switch (claim) {
    case "iss":
      return "id-token-issuer";
    case "aud":
    case "azp":
      return "id-token-audience";
    case "nonce":
      return "id-token-nonce";
    default:
      return "id-token-invalid";
  }
}
