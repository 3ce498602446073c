import "server-only";
import type { Outcome } from "@/lib/access-reviews/access-review.schema";
import type { ItemRow } from "@/lib/access-reviews/item-store";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";

const TARGETS = {
  "user-role": "user",
  "team-membership": "user",
  "team-role": "team",
  "service-role": "client",
} as const satisfies Record<ItemRow["kind"], string>;

/** What is taken away, or is not because nobody would be left, is on record under whose it was. */
export async function recordEnding(
  reviewId: string,
  item: ItemRow,
  outcome: Extract<Outcome, "revoked" | "revoked-unanswered" | "kept-last-administrator">,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  const { id, kind, userId, teamId, clientId, roleId, subject, grantName, grantedAt } = item;
  const targetId = kind === "team-role" ? teamId : (userId ?? clientId);
  await recordEvent(
    {
      action: outcome === "kept-last-administrator" ? "review.grant_kept" : "review.grant_revoked",
      outcome: "success",
      actor,
      target: { type: TARGETS[kind], id: targetId ?? id },
      reason: outcome,
      before: {
        kind,
        holder: subject,
        grant: grantName,
        ...(roleId === null ? {} : { roleId }),
        ...(kind === "team-membership" ? { teamId } : {}),
        grantedAt: grantedAt.toISOString(),
      },
      after: { review: reviewId, item: id },
    },
    request,
    tx,
  );
}
