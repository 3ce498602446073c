import type { RefusalCode, Refused } from "./failures.js";

/** What is sent instead of the answer. */
export interface Refusal {
  outcome: "refused";
  code: RefusalCode;
  status: 401 | 403 | 503;
  headers: Record<string, string>;
  /** A problem document (RFC 9457) that says no more than its code. */
  body: string;
  /** What exactly was wrong, for logs. */
  reason: string;
}

const ANSWERS: Record<RefusalCode, [status: Refusal["status"], title: string]> = {
  credentials_missing: [401, "An access token is needed"],
  invalid_token: [401, "The access token is not accepted"],
  invalid_dpop_proof: [401, "The proof of possession is not accepted"],
  insufficient_scope: [403, "The access token does not reach so far"],
  insufficient_user_authentication: [401, "A stronger or more recent sign-in is needed"],
  access_denied: [403, "This is not allowed"],
  unavailable: [503, "Who asks cannot be found out at the moment"],
};

export type Scheme = "Bearer" | "DPoP";

const quoted = (value: string | number): string => `"${String(value).replace(/["\\]/g, "\\$&")}"`;

/**
 * The answer to a refused request, with the challenge of RFC 6750 §3, RFC 9449 §7.1 and RFC 9470 §3.
 * `algs` are those of proofs, empty where none are taken; `scheme` is null where nothing was sent.
 */
export function refusal(
  { code, reason, wants }: Refused,
  scheme: Scheme | null,
  algs: string,
): Refusal {
  const [status, title] = ANSWERS[code];
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  const { scope, acrValues, maxAgeSeconds } = wants;
  const said: [string, string | number | undefined][] = [
    // Who has sent nothing is told of no error (RFC 6750 §3.1).
    ["error", code === "credentials_missing" ? undefined : code],
    ["scope", scope],
    ["acr_values", acrValues],
    ["max_age", maxAgeSeconds],
  ];
  const challenge = (one: Scheme): string =>
    `${one} ${[...said, ["algs", one === "DPoP" && algs !== "" ? algs : undefined] as const]
      .flatMap(([name, value]) => (value === undefined ? [] : `${name}=${quoted(value)}`))
      .join(", ")}`.trim();
  const schemes: Scheme[] =
    scheme === null ? (algs === "" ? ["Bearer"] : ["Bearer", "DPoP"]) : [scheme];
  if (code !== "access_denied" && code !== "unavailable") {
    headers["www-authenticate"] = schemes.map(challenge).join(", ");
  }
  const body = JSON.stringify({ type: "about:blank", status, title, code });
  return { outcome: "refused", code, status, headers, body, reason };
}
