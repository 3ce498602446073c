import "server-only";
import type { AuditEventInput } from "@/lib/audit/record-event";
import { revokeGrantsOfUser } from "@/lib/oidc/revoke-grants";
import { revokePersonalTokens } from "@/lib/personal-tokens/revoke-tokens";
import type { Db } from "@/lib/platform/db/client";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import type { RequestFacts } from "@/lib/shared/caller";
import { voidSignIns } from "@/lib/users/user-identity";

export type AccessEndReason =
  | "password_changed"
  | "password_reset"
  | "factors_reset"
  | "not_me"
  | "email_change_undone"
  | "deletion_requested";

/**
 * Ends all that acts for a user whose means of signing in have changed, in the
 * transaction of that change: sign-ins that are under way, what apps were
 * granted, personal access tokens and, but for one that may stay, sessions.
 * Returns how many sessions there were.
 */
export async function endAccess(
  userId: string,
  reason: AccessEndReason,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
  match: { except?: string } = {},
): Promise<number> {
  await voidSignIns(userId, tx);
  await revokeGrantsOfUser(userId, tx);
  await revokePersonalTokens(userId, {}, reason, actor, request, tx);
  return revokeSessions(userId, match, reason, actor, request, tx);
}
