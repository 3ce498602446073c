import "server-only";
import { listSecurityRows } from "@/lib/audit-log/audit-log-store";
import type { Caller } from "@/lib/shared/caller";

/** What an owner should recognise as their own doing. */
const ACTIONS = [
  "session.created",
  "session.rejected",
  "session.raised",
  "factor.added",
  "factor.replaced",
  "factor.removed",
  "identity.linked",
  "identity.unlinked",
  "user.password_changed",
  "user.password_reset_requested",
  "user.email_changed",
  "user.factors_reset",
  "device.distrusted",
];

export interface SecurityEvent {
  id: string;
  at: Date;
  action: string;
  outcome: "success" | "failure" | "denied";
  ip: string | null;
  userAgent: string | null;
}

/** The newest events of the caller's own account: nobody's permission is needed for these. */
export const listOwnSecurityEvents = (
  { principal }: Caller,
  count: number,
): Promise<SecurityEvent[]> => listSecurityRows(principal.userId, ACTIONS, count);
