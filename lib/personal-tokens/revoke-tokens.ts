import "server-only";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import { deleteTokens, type TokenMatch } from "@/lib/personal-tokens/personal-token-store";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";

export type TokenRevocationReason =
  | "revoked_by_user"
  | "revoked_by_administrator"
  | "password_changed"
  | "password_reset"
  | "factors_reset"
  | "not_me"
  | "email_change_undone"
  | "deletion_requested"
  | "membership_ended";

/**
 * Ends a user's personal access tokens that match, or all of them, together
 * with the change that calls for it. Returns how many; each is dead at the next request.
 */
export async function revokePersonalTokens(
  userId: string,
  match: TokenMatch,
  reason: TokenRevocationReason,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<number> {
  const revoked = await deleteTokens(userId, match, tx);
  for (const { id, name } of revoked) {
    await recordEvent(
      {
        action: "personal_token.revoked",
        outcome: "success",
        actor,
        target: { type: "personal_token", id },
        reason,
        before: { name, userId },
      },
      request,
      tx,
    );
  }
  return revoked.length;
}
