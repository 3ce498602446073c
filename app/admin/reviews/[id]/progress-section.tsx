import { useTranslations } from "#translations";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { Review } from "@/lib/access-reviews/list-reviews";

/** How far each reviewer is. */
export function ProgressSection({ review }: { review: Review }) {
  const words = useTranslations("admin-reviews");
  const t = useTranslations("admin-reviews.progress");
  const sum = (key: "all" | "done") => review.progress.reduce((total, one) => total + one[key], 0);
  return (
    <Section
      title={t("title")}
      description={t("description", { done: sum("done"), count: sum("all") })}
      footer={
        review.leftOut > 0 && (
          <p>{t("leftOut", { count: review.leftOut, author: review.authorName })}</p>
        )
      }
    >
      <DescriptionList
        items={review.progress.map(({ reviewerId, reviewerName, done, all }) => ({
          key: reviewerId,
          term: words("doneOf", { done, all }),
          value: (
            <span className="flex flex-wrap items-center gap-3">
              <progress value={done} max={all} aria-label={t("by", { name: reviewerName })} />
              {reviewerName}
            </span>
          ),
        }))}
      />
    </Section>
  );
}
