import "server-only";
import { listSecurityRows } from "@/lib/audit-log/audit-log-store";
import type { Caller } from "@/lib/shared/caller";
import { onlyPlaceOf } from "@/lib/shared/principal";

/** What an owner should recognise as their own doing, by what it is about. */
export const KINDS = {
  "sign-ins": [
    "session.created",
    "session.rejected",
    "session.raised",
    "session.resumed",
    "session.organization_switched",
    "session.revoked",
    "recovery_code.used",
    "passkey.counter_fell",
  ],
  changes: [
    "invitation.accepted",
    "membership.left",
    "factor.added",
    "factor.replaced",
    "factor.removed",
    "factor.renamed",
    "identity.linked",
    "user.password_set",
    "user.password_changed",
    "user.password_reset_requested",
    "user.email_change_requested",
    "user.email_change_cancelled",
    "user.email_changed",
    "user.email_change_undone",
    "user.sign_in_disowned",
    "user.factors_reset",
    "user.impersonation_started",
    "user.impersonation_ended",
    "device.distrusted",
    "personal_token.created",
    "personal_token.revoked",
    "terms.accepted",
    "user.data_exported",
    "user.deletion_requested",
    "user.deletion_cancelled",
  ],
} as const;

export const ACTIONS = [...KINDS["sign-ins"], ...KINDS.changes] as const;

export type SecurityAction = (typeof ACTIONS)[number];

export interface SecurityEvent {
  id: string;
  at: Date;
  action: SecurityAction;
  outcome: "success" | "failure" | "denied";
  /** The kind of the factor that it is about, where it is about one. */
  factor: string | null;
  ip: string | null;
  userAgent: string | null;
}

export const isSecurityAction = (action: string): action is SecurityAction =>
  ACTIONS.some((known) => known === action);

export const factorIn = (after: unknown): string | null => {
  const factor = (after as { factor?: unknown } | null)?.factor;
  return typeof factor === "string" ? factor : null;
};

/**
 * The newest events of the caller's own account, done by them or to them and
 * never anybody else's: nobody's permission is needed for these.
 */
export async function listOwnSecurityEvents(
  { principal }: Caller,
  count: number,
): Promise<SecurityEvent[]> {
  const rows = await listSecurityRows(
    principal.userId,
    { actions: [...ACTIONS], ...onlyPlaceOf(principal) },
    count,
  );
  return rows.flatMap(({ action, after, ...row }) =>
    isSecurityAction(action) ? [{ ...row, action, factor: factorIn(after) }] : [],
  );
}
