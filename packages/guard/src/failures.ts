export type RefusalCode =
  /** Nothing was sent that says who asks. */
  | "credentials_missing"
  | "invalid_token"
  | "invalid_dpop_proof"
  | "insufficient_scope"
  /** The person has to prove more, or again, who they are (RFC 9470). */
  | "insufficient_user_authentication"
  /** It is known who asks, and they may not. */
  | "access_denied"
  /** Nobody could be asked; the answer is no until somebody can. */
  | "unavailable";

/** What a step-up asks for (RFC 9470 §3). */
export interface StepUp {
  acrValues?: string | undefined;
  maxAgeSeconds?: number | undefined;
}

/** The request is refused. `reason` is for logs: it says more than a stranger should read. */
export class Refused extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly reason: string,
    readonly wants: StepUp & { scope?: string } = {},
  ) {
    super(`${code}: ${reason}`);
  }
}

export const unavailable = (reason: string): Refused => new Refused("unavailable", reason);
