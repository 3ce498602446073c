import { useTranslations } from "#translations";
import { cancelReviewAction, closeReviewAction } from "@/app/admin/reviews/actions";
import { evidencePath } from "@/app/admin/reviews/address";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { ButtonLink } from "@/components/ui/button";
import type { Review } from "@/lib/access-reviews/list-reviews";

/** What whoever manages reviews does with this one. */
export function ReviewActions({ review }: { review: Review }) {
  const t = useTranslations("admin-reviews.manage");
  if (review.state === "closed" || review.state === "cancelled") {
    return (
      <ButtonLink href={evidencePath(review.id)} variant="primary">
        {t("evidence")}
      </ButtonLink>
    );
  }
  if (review.state !== "open") return null;
  const waiting = review.progress.reduce((total, { all, done }) => total + all - done, 0);
  const fields = { id: review.id };
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmDialog
        trigger={t("close")}
        size="md"
        title={t("closeTitle")}
        description={waiting === 0 ? t("closeAnswered") : t("closeUnanswered", { count: waiting })}
        confirmLabel={t("closeReview")}
        action={closeReviewAction}
        fields={fields}
      />
      <ConfirmDialog
        trigger={t("cancel")}
        variant="secondary"
        size="md"
        title={t("cancelTitle")}
        description={t("cancelText")}
        confirmLabel={t("callOff")}
        action={cancelReviewAction}
        fields={fields}
      />
    </div>
  );
}
