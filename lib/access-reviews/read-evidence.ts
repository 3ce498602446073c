import "server-only";
import { closeDueReviews } from "@/lib/access-reviews/close-due-reviews";
import { evidenceCsv, hashOf } from "@/lib/access-reviews/evidence-csv";
import { countByStatus, type ItemRow, listEveryItem } from "@/lib/access-reviews/item-store";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { findReviewRow, type ReviewRow } from "@/lib/access-reviews/review-store";
import { authorize } from "@/lib/authz/authorize";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type Evidence =
  | {
      outcome: "found";
      review: ReviewRow;
      items: ItemRow[];
      counts: Awaited<ReturnType<typeof countByStatus>>;
      csv: string;
      sha256: string;
      /** Whether it still is what it was when the review ended. */
      intact: boolean;
    }
  | { outcome: "not-found" }
  /** It can still change. */
  | { outcome: "rejected"; reason: "not-ended" };

/** Everything that a review found, was answered and did, once nothing of it can change any more. */
export async function readEvidence(caller: Caller, reviewId: string): Promise<Evidence> {
  await authorize(caller, REVIEW_PERMISSIONS.manage);
  const { organizationId } = caller.principal;
  if (!isId(reviewId)) return { outcome: "not-found" };
  await closeDueReviews(organizationId);
  return inTenant(organizationId, async (tenant) => {
    const review = await findReviewRow(reviewId, organizationId, { db: tenant });
    if (review === null) return { outcome: "not-found" };
    if (review.state !== "closed" && review.state !== "cancelled") {
      return { outcome: "rejected", reason: "not-ended" };
    }
    const items = await listEveryItem(reviewId, tenant);
    const counts = await countByStatus(reviewId, undefined, tenant);
    const csv = evidenceCsv(items);
    const sha256 = hashOf(csv);
    const intact = sha256 === review.evidenceHash;
    return { outcome: "found", review, items, counts, csv, sha256, intact };
  });
}
