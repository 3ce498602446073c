import "server-only";
import { authorityRefusal, UNKNOWN_ROLE } from "@/app/admin/refusals";
import { grantsOf } from "@/app/admin/reviews/words";
import type { Answer } from "@/lib/access-reviews/answer-item";
import type { ReviewEnding } from "@/lib/access-reviews/close-review";
import { DAYS_MAX, ITEMS_MAX, type ReviewStart } from "@/lib/access-reviews/start-review";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refused<T> = Extract<T, { outcome: "rejected" | "not-found" }>;

const OVER = "This review has ended meanwhile. Reload the page to see what came of it.";
const GONE = "There is no such review, or it asks you nothing.";

/** Why a review does not start, in the words of the form. */
export function startRefusal(refusal: Refused<ReviewStart>): FormState {
  switch (refusal.reason) {
    case "unknown-role":
      return formError(UNKNOWN_ROLE);
    case "due-date":
      return fieldError("dueOn", `Choose a day to come, within the next ${DAYS_MAX} days.`);
    case "nothing-to-review":
      return formError(
        "There is nothing to ask about: nobody has such a grant, or all of them reach beyond what you hold.",
      );
    case "too-many-items":
      return formError(
        `That is more than ${ITEMS_MAX.toLocaleString("en")} grants. Split it by roles or people.`,
      );
    case "not-a-reviewer":
      return fieldError(
        "reviewerIds",
        "One of these may not answer reviews any more. Reload the page and choose again.",
      );
    case "own-grants":
      return fieldError(
        "reviewerIds",
        `Nobody answers for themselves, so somebody else has to be asked about ${refusal.subjects.slice(0, 5).join(", ")}.`,
      );
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}

/** Why a review does not end. */
export function endingRefusal(refusal: Refused<ReviewEnding>): FormState {
  if (refusal.outcome === "not-found") return formError(GONE);
  switch (refusal.reason) {
    case "over":
      return formError(OVER);
    case "confirmation-required":
      return formError(`${grantsOf(refusal.unanswered)} would be revoked. Nothing is done yet.`);
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}

/** Why a grant stays as it is. */
export function answerRefusal(refusal: Refused<Answer>): string {
  if (refusal.outcome === "not-found") return GONE;
  switch (refusal.reason) {
    case "over":
      return OVER;
    case "ended":
      return "Something has come of it already. What was revoked can be given again, but not here.";
    case "own-grant":
      return "You have this yourself by now, so somebody else has to answer.";
    case "beyond-author":
      return `Whoever started this review does not hold ${refusal.missing.join(", ")} any more, so it cannot be revoked by their right. Reference: ${refusal.decisionId}`;
    default: {
      const state = authorityRefusal(refusal);
      return state.status === "error" ? (state.message ?? OVER) : OVER;
    }
  }
}
