import type { Locale } from "@/lib/shared/locale";
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
  /** What whoever asks reads, as far as the request says; left out where nobody does. */
  locale?: Locale;
  /**
   * The short name of the organization whose page it came from, as the browser says it: mails that it
   * causes have its look, and nothing is decided by it. Left out where there is none.
   */
  organization?: string;
}

/** An authenticated principal in one request: the first argument of every use case. */
export interface Caller {
  principal: Principal;
  request: RequestFacts;
}
