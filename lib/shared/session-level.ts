import { days, hours, minutes } from "@/lib/shared/duration";

export const SESSION_LEVELS = ["aal1", "aal2", "aal3"] as const;

/** How long sessions may go on by an assurance level of NIST SP 800-63B-4. */
export type SessionLevel = (typeof SESSION_LEVELS)[number];

export interface SessionLimits {
  /** After so long a session is over, whatever happened in it. */
  overallSeconds: number;
  /** After so long without a request its user proves again who they are; null for never. */
  idleSeconds: number | null;
}

/** NIST SP 800-63B-4 §2.1.3, §2.2.3 and §2.3.3 (NIST-16). */
export const SESSION_LIMITS: Record<SessionLevel, SessionLimits> = {
  aal1: { overallSeconds: days(30), idleSeconds: null },
  aal2: { overallSeconds: hours(24), idleSeconds: hours(1) },
  aal3: { overallSeconds: hours(12), idleSeconds: minutes(15) },
};
