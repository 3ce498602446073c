import "server-only";
import { unfitting } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import type { Answer } from "@/lib/access-reviews/answer-item";
import type { ReviewEnding } from "@/lib/access-reviews/close-review";
import type { ReviewStart } from "@/lib/access-reviews/start-review";

type Refused<T> = Extract<T, { outcome: "rejected" | "not-found" }>;

const WHAT = "access review";

const over = (): ProblemError =>
  new ProblemError({ status: 409, code: "review_ended", title: "The review has ended, or is due" });

export function startProblem(refusal: Refused<ReviewStart>): ProblemError {
  switch (refusal.reason) {
    case "unknown-role":
      return unfitting("scope.roleIds", "There is no such role.");
    case "due-date":
      return unfitting("dueAt", "Use a time to come, within 366 days.");
    case "not-a-reviewer":
      return unfitting("reviewerIds", `Not allowed to answer here: ${refusal.ids.join(", ")}.`);
    case "too-many-items":
      return unfitting("scope", "That is more than 5000 grants. Split it by roles or people.");
    case "nothing-to-review":
      return new ProblemError({
        status: 409,
        code: "nothing_to_review",
        title: "There is no such grant within what you hold",
      });
    case "own-grants":
      return new ProblemError({
        status: 409,
        code: "own_grant",
        title: "Nobody answers for themselves",
        detail: `Name somebody else as well for ${refusal.subjects.slice(0, 5).join(", ")}.`,
      });
    case "beyond-own-permissions":
      return refusalProblem("user", refusal);
  }
}

export function endingProblem(refusal: Refused<ReviewEnding>): ProblemError {
  if (refusal.outcome === "not-found") return notFound(WHAT);
  switch (refusal.reason) {
    case "over":
      return over();
    case "confirmation-required":
      return new ProblemError({
        status: 409,
        code: "confirmation_required",
        title: "Grants that nobody has answered would end",
        detail: `${refusal.unanswered} would end at once. Send confirm with the value true to go on.`,
      });
    case "beyond-own-permissions":
      return refusalProblem("user", refusal);
  }
}

export function answerProblem(refusal: Refused<Answer>): ProblemError {
  if (refusal.outcome === "not-found") return notFound("item");
  switch (refusal.reason) {
    case "over":
    case "ended":
      return over();
    case "own-grant":
      return new ProblemError({
        status: 409,
        code: "own_grant",
        title: "Nobody answers for themselves",
      });
    case "beyond-author":
      return new ProblemError({
        status: 403,
        code: "beyond_own_permissions",
        title: "This reaches beyond what the review's author holds now",
        detail: `They lack ${refusal.missing.join(", ")}.`,
        decisionId: refusal.decisionId,
      });
    default:
      return refusalProblem("user", refusal);
  }
}
