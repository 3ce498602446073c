import "server-only";
import { z } from "zod";

export const FAILURES = [
  "unreachable",
  "no-answer",
  "certificate",
  "credentials",
  "recipient-refused",
  "busy",
  "refused",
  "other",
] as const;
export type Failure = (typeof FAILURES)[number];

export const FailureKind = z.enum(FAILURES);

/** In this order: what comes first says more. */
const SIGNS: readonly [RegExp, Failure][] = [
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|getaddrinfo/i, "unreachable"],
  [/certificate|self-signed|SSL routines|wrong version number/i, "certificate"],
  [/ETIMEDOUT|timeout|timed out|no answer in time|aborted|ECONNRESET|closed/i, "no-answer"],
  [/invalid login|authentication|EAUTH|\b(?:530|534|535|401|403)\b/i, "credentials"],
  [/recipients? (?:were|was) rejected|mailbox|RCPT|\b(?:550|551|553)\b/i, "recipient-refused"],
  [/\b4(?:21|29|50|51|52|54)\b|\b50[0234]\b/, "busy"],
  [/\b[45]\d\d\b/, "refused"],
];

/**
 * What went wrong, without a word of what the other side said: servers repeat addresses, and
 * sometimes what they were sent.
 */
export const failureOf = (lastError: string): Failure =>
  SIGNS.find(([sign]) => sign.test(lastError))?.[1] ?? "other";
