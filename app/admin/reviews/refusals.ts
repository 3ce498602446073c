import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal, unknownRole } from "@/app/admin/refusals";
import type { Answer } from "@/lib/access-reviews/answer-item";
import type { ReviewEnding } from "@/lib/access-reviews/close-review";
import { DAYS_MAX, ITEMS_MAX, type ReviewStart } from "@/lib/access-reviews/start-review";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refused<T> = Extract<T, { outcome: "rejected" | "not-found" }>;

const words = () => getTranslations("admin-reviews.refusals");

/** Why a review does not start, in the words of the form. */
export async function startRefusal(refusal: Refused<ReviewStart>): Promise<FormState> {
  const t = await words();
  switch (refusal.reason) {
    case "unknown-role":
      return unknownRole();
    case "due-date":
      return fieldError("dueOn", t("due-date", { count: DAYS_MAX }));
    case "nothing-to-review":
      return formError(t("nothing-to-review"));
    case "too-many-items":
      return formError(t("too-many-items", { count: ITEMS_MAX }));
    case "not-a-reviewer":
      return fieldError("reviewerIds", t("not-a-reviewer"));
    case "own-grants":
      return fieldError(
        "reviewerIds",
        t("own-grants", { subjects: refusal.subjects.slice(0, 5).join(", ") }),
      );
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}

/** Why a review does not end. */
export async function endingRefusal(refusal: Refused<ReviewEnding>): Promise<FormState> {
  const t = await words();
  if (refusal.outcome === "not-found") return formError(t("gone"));
  switch (refusal.reason) {
    case "over":
      return formError(t("over"));
    case "confirmation-required":
      return formError(t("wouldBeRevoked", { count: refusal.unanswered }));
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}

/** Why a grant stays as it is. */
export async function answerRefusal(refusal: Refused<Answer>): Promise<string> {
  const t = await words();
  if (refusal.outcome === "not-found") return t("gone");
  switch (refusal.reason) {
    case "over":
    case "ended":
    case "own-grant":
      return t(refusal.reason);
    case "beyond-author":
      return t("beyond-author", {
        permissions: refusal.missing.join(", "),
        reference: refusal.decisionId,
      });
    default: {
      const state = await authorityRefusal(refusal);
      return state.status === "error" ? (state.message ?? t("over")) : t("over");
    }
  }
}
