import { cancelReviewAction, closeReviewAction } from "@/app/admin/reviews/actions";
import { evidencePath } from "@/app/admin/reviews/address";
import { grantsOf } from "@/app/admin/reviews/words";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { ButtonLink } from "@/components/ui/button";
import type { Review } from "@/lib/access-reviews/list-reviews";

/** What whoever manages reviews does with this one. */
export function ReviewActions({ review }: { review: Review }) {
  if (review.state === "closed" || review.state === "cancelled") {
    return (
      <ButtonLink href={evidencePath(review.id)} variant="primary">
        Evidence
      </ButtonLink>
    );
  }
  if (review.state !== "open") return null;
  const waiting = review.progress.reduce((total, { all, done }) => total + all - done, 0);
  const fields = { id: review.id };
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmDialog
        trigger="Close now"
        size="md"
        title="Close this review now?"
        description={
          waiting === 0
            ? "Everything is answered. Nothing of it can be changed afterwards."
            : `${grantsOf(waiting)} without an answer will be revoked at once. Nothing of it can be changed afterwards.`
        }
        confirmLabel="Close review"
        action={closeReviewAction}
        fields={fields}
      />
      <ConfirmDialog
        trigger="Cancel review"
        variant="secondary"
        size="md"
        title="Cancel this review?"
        description="Nothing more is revoked by it. What was revoked already stays revoked."
        confirmLabel="Call it off"
        action={cancelReviewAction}
        fields={fields}
      />
    </div>
  );
}
