import "server-only";

/** The steps of the authorization code flow of OpenID Connect, in their order, and what comes of it. */
export type StepName =
  | "discovery"
  | "request"
  | "callback"
  | "token"
  | "signature"
  | "userinfo"
  | "account";

/** What can be wrong with a connection, each with its words in `app/`. */
export type Problem =
  | "address-refused"
  | "host-unknown"
  | "unreachable"
  | "tls"
  | "discovery-missing"
  | "discovery-not-json"
  | "issuer-slash"
  | "issuer-other"
  | "metadata-incomplete"
  | "pkce-unsupported"
  | "auth-method-unsupported"
  | "redirect-uri"
  | "client-unknown"
  | "scope-refused"
  | "request-refused"
  | "access-denied"
  | "consent-required"
  | "answer-issuer"
  | "answer-error"
  | "secret-wrong"
  | "code-refused"
  | "token-refused"
  | "no-id-token"
  | "id-token-issuer"
  | "id-token-audience"
  | "id-token-nonce"
  | "id-token-alg"
  | "id-token-invalid"
  | "clock"
  | "key-missing"
  | "signature-wrong"
  | "userinfo-refused"
  | "userinfo-subject"
  | "email-missing"
  | "email-unverified"
  | "domain-not-allowed"
  | "unexpected";

export interface TestStep {
  step: StepName;
  /** A warning does not keep anybody from signing in. */
  outcome: "passed" | "warning" | "failed";
  problem?: Problem;
  /** What the provider itself said, cut short. */
  said?: string;
  /** What was seen, by name. */
  facts?: Record<string, string>;
}

const SAID_LENGTH_MAX = 300;

/** The provider's words as one short line: they are shown, and nothing else. */
export function shorten(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length <= SAID_LENGTH_MAX ? line : `${line.slice(0, SAID_LENGTH_MAX - 1)}…`;
}

export const passed = (step: StepName, facts: Record<string, string> = {}): TestStep => ({
  step,
  outcome: "passed",
  facts,
});

export const failed = (step: StepName, problem: Problem, said?: string): TestStep => ({
  step,
  outcome: "failed",
  problem,
  ...(said && { said: shorten(said) }),
});

export const warned = (step: StepName, problem: Problem, facts = {}): TestStep => ({
  step,
  outcome: "warning",
  problem,
  facts,
});

export const hasFailed = (steps: TestStep[]): boolean =>
  steps.some(({ outcome }) => outcome === "failed");
