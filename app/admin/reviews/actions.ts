"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { REVIEWS_PATH, reviewPath } from "@/app/admin/reviews/address";
import { AnswersForm, NewReviewForm, ReviewForm } from "@/app/admin/reviews/forms.schema";
import { answerRefusal, endingRefusal, startRefusal } from "@/app/admin/reviews/refusals";
import { grantsOf } from "@/app/admin/reviews/words";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { cancelReview, closeReview } from "@/lib/access-reviews/close-review";
import { findMembers } from "@/lib/access-reviews/list-reviews";
import { startReview } from "@/lib/access-reviews/start-review";
import { type FormState, fieldError } from "@/lib/shared/form-state";

/** What the flash message has room for. */
const FLASH_LABEL_MAX = 50;
const flashLabel = (name: string): string =>
  name.length <= FLASH_LABEL_MAX ? name : `${name.slice(0, FLASH_LABEL_MAX - 1).trim()}…`;

/** Everything: what is revoked may be what its reader's navigation shows. */
const refresh = (): void => revalidatePath("/", "layout");

export async function startReviewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewReviewForm, async (caller, input) => {
    const { name, note, dueOn: dueAt, grants, people, teams, services, ...chosen } = input;
    const named = grants === "people" ? people : [];
    const { userIds, unknown } = await findMembers(caller, named);
    if (unknown.length > 0) {
      return fieldError("people", `Nobody here has the address ${unknown.slice(0, 5).join(", ")}.`);
    }
    if (grants === "people" && userIds.length === 0) {
      return fieldError("people", "Name at least one person.");
    }
    const roleIds = grants === "roles" ? chosen.roleIds : [];
    if (grants === "roles" && roleIds.length === 0) {
      return fieldError("roleIds", "Choose at least one role.");
    }
    const scope = { grants, roleIds, userIds, teams, services };
    const { reviewerIds } = chosen;
    const result = await startReview(caller, { name, note, dueAt, scope, reviewerIds });
    if (result.outcome !== "started") return startRefusal(result);
    await leaveFlash({ event: "review.started", id: result.id, label: flashLabel(name) });
    redirect(reviewPath(result.id));
  });
}

export async function answerItemsAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    AnswersForm,
    async (caller, { id, itemIds, only, confirm, decision, note }) => {
      if (decision === "revoke" && only === undefined && !confirm) {
        return {
          status: "error",
          message: `${grantsOf(itemIds.length)} would end at once, and nothing here gives them back. Nothing is done yet.`,
          fieldErrors: { confirm: ["Tick this, and press revoke again."] },
        };
      }
      const refused: string[] = [];
      let done = 0;
      for (const itemId of itemIds) {
        const result = await answerItem(caller, id, itemId, { decision, note });
        if (result.outcome === "rejected" || result.outcome === "not-found") {
          refused.push(answerRefusal(result));
        } else {
          done += 1;
        }
      }
      refresh();
      const word = decision === "keep" ? "kept" : "revoked";
      const message = `${grantsOf(done)} ${word}.`;
      return refused.length === 0
        ? { status: "success", message }
        : { status: "error", message: `${message} ${refused.length} not: ${refused[0]}` };
    },
  );
}

export async function closeReviewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReviewForm, async (caller, { id }) => {
    const result = await closeReview(caller, id, { confirmed: true });
    if (result.outcome === "rejected" || result.outcome === "not-found")
      return endingRefusal(result);
    refresh();
    return { status: "success", message: "The review is closed." };
  });
}

export async function cancelReviewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReviewForm, async (caller, { id }) => {
    const result = await cancelReview(caller, id);
    if (result.outcome === "rejected" || result.outcome === "not-found")
      return endingRefusal(result);
    revalidatePath(REVIEWS_PATH, "layout");
    return {
      status: "success",
      message: "The review is cancelled. Nothing more is revoked by it.",
    };
  });
}
