import { grantsOf } from "@/app/admin/reviews/words";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { Review } from "@/lib/access-reviews/list-reviews";

/** How far each reviewer is. */
export function ProgressSection({ review }: { review: Review }) {
  const sum = (key: "all" | "done") => review.progress.reduce((total, one) => total + one[key], 0);
  return (
    <Section
      title="Progress"
      description={`${sum("done")} of ${grantsOf(sum("all"))} answered or ended.`}
      footer={
        review.leftOut > 0 && (
          <p>
            {grantsOf(review.leftOut)} in scope {review.leftOut === 1 ? "reaches" : "reach"} beyond
            what {review.authorName} held, and {review.leftOut === 1 ? "is" : "are"} not asked
            about.
          </p>
        )
      }
    >
      <DescriptionList
        items={review.progress.map(({ reviewerId, reviewerName, done, all }) => ({
          key: reviewerId,
          term: `${done} of ${all}`,
          value: (
            <span className="flex flex-wrap items-center gap-3">
              <progress value={done} max={all} aria-label={`Answered by ${reviewerName}`} />
              {reviewerName}
            </span>
          ),
        }))}
      />
    </Section>
  );
}
