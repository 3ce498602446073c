import "server-only";
import { measureAll } from "@/lib/access-reviews/author-right";
import { closeDueReviews, finishClosing } from "@/lib/access-reviews/close-due-reviews";
import { evidenceCsv, hashOf } from "@/lib/access-reviews/evidence-csv";
import { listEveryItem } from "@/lib/access-reviews/item-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { cancelReviewRow, claimReview, findReviewRow } from "@/lib/access-reviews/review-store";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type BeyondOwn, checkNotAbove } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type ReviewEnding =
  | { outcome: "closed" | "cancelled" }
  | { outcome: "not-found" }
  /** It has ended already, or is due. */
  | { outcome: "rejected"; reason: "over" }
  /** What nobody has answered is taken away: they have to say that they mean it. */
  | { outcome: "rejected"; reason: "confirmation-required"; unanswered: number }
  | BeyondOwn;

const byOf = ({ principal }: Caller) => ({ id: principal.userId, name: principal.email });

/** The review, which nobody ends before the transaction is over, and all that it asks. */
const findWithItems = (reviewId: string, organizationId: string, tx: Db) =>
  inTenant(
    organizationId,
    async (tenant) => {
      const review = await findReviewRow(reviewId, organizationId, { db: tenant, lock: true });
      return review && { review, items: await listEveryItem(reviewId, tenant) };
    },
    tx,
  );

/**
 * Closes a review before it is due: every grant that nobody has answered is taken away, as it would
 * be then. Whoever does it holds everything that is in these grants' holders' hands (ATK-42).
 */
export async function closeReview(
  caller: Caller,
  reviewId: string,
  { confirmed }: { confirmed: boolean },
): Promise<ReviewEnding> {
  await authorize(caller, REVIEW_PERMISSIONS.manage);
  const { organizationId } = caller.principal;
  if (!isId(reviewId)) return { outcome: "not-found" };
  await closeDueReviews(organizationId);
  const claimed = await inTransaction(async (tx): Promise<ReviewEnding> => {
    const found = await findWithItems(reviewId, organizationId, tx);
    if (found === null) return { outcome: "not-found" };
    if (found.review.state !== "open") return { outcome: "rejected", reason: "over" };
    const open = found.items.filter(
      ({ decision, outcome }) => decision === null && outcome === null,
    );
    if (open.length > 0 && !confirmed) {
      return { outcome: "rejected", reason: "confirmation-required", unanswered: open.length };
    }
    const beyond = await measureAll(caller, reviewId, open, tx);
    if (beyond !== null) return beyond;
    const closing = await inTenant(
      organizationId,
      (tenant) => claimReview(reviewId, byOf(caller), tenant),
      tx,
    );
    if (!closing) return { outcome: "rejected", reason: "over" };
    const target = { type: "access_review", id: reviewId };
    const after = { unanswered: open.length };
    await recordChange(caller, { action: "review.closing", target, after }, tx);
    return { outcome: "closed" };
  });
  if (claimed.outcome === "closed") {
    const closedById = caller.principal.userId;
    await finishClosing({ id: reviewId, organizationId, closedById }, caller.request);
  }
  return claimed;
}

/**
 * Ends a review as if it had not been: nothing more is taken away by it, and what was stays taken
 * away. It is for whoever is not below its author, so that nobody calls off what is about themselves.
 */
export async function cancelReview(caller: Caller, reviewId: string): Promise<ReviewEnding> {
  const { manage } = REVIEW_PERMISSIONS;
  await authorize(caller, manage);
  const { organizationId } = caller.principal;
  if (!isId(reviewId)) return { outcome: "not-found" };
  await closeDueReviews(organizationId);
  return inTransaction(async (tx): Promise<ReviewEnding> => {
    const found = await findWithItems(reviewId, organizationId, tx);
    if (found === null) return { outcome: "not-found" };
    const { review, items } = found;
    const above = await checkNotAbove(asCaller(caller), manage, review.authorId, tx);
    if (above !== null) return above;
    const hash = hashOf(evidenceCsv(items));
    const cancelled = await inTenant(
      organizationId,
      (tenant) => cancelReviewRow(reviewId, byOf(caller), hash, tenant),
      tx,
    );
    if (!cancelled) return { outcome: "rejected", reason: "over" };
    await recordChange(
      caller,
      {
        action: "review.cancelled",
        target: { type: "access_review", id: reviewId },
        before: { name: review.name, dueAt: review.dueAt.toISOString() },
      },
      tx,
    );
    return { outcome: "cancelled" };
  });
}
