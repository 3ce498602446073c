import type { Principal } from "@/lib/shared/principal";

/** What the audit log records of a request, whoever made it. */
export interface RequestFacts {
  requestId: string;
  /**
   * The name of this request's first refusal, known before anything is decided.
   * Always of our own making: a request id may be whatever a client chose.
   */
  decisionId: string;
  /** Null when the connection has no address, as for the command line. */
  ip: string | null;
  userAgent: string | null;
}

/** An authenticated principal in one request: the first argument of every use case. */
export interface Caller {
  principal: Principal;
  request: RequestFacts;
}
