"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { REVIEWS_PATH, reviewPath } from "@/app/admin/reviews/address";
import { AnswersForm, NewReviewForm, ReviewForm } from "@/app/admin/reviews/forms.schema";
import { answerRefusal, endingRefusal, startRefusal } from "@/app/admin/reviews/refusals";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { cancelReview, closeReview } from "@/lib/access-reviews/close-review";
import { findMembers } from "@/lib/access-reviews/list-reviews";
import { startReview } from "@/lib/access-reviews/start-review";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

/** What the flash message has room for. */
const FLASH_LABEL_MAX = 50;
const flashLabel = (name: string): string =>
  name.length <= FLASH_LABEL_MAX ? name : `${name.slice(0, FLASH_LABEL_MAX - 1).trim()}…`;

const words = () => getTranslations("admin-reviews.done");

/** Everything: what is revoked may be what its reader's navigation shows. */
const refresh = (): void => revalidatePath("/", "layout");

export async function startReviewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewReviewForm, async (caller, input) => {
    const { name, note, dueOn: dueAt, grants, people, teams, services, ...chosen } = input;
    const named = grants === "people" ? people : [];
    const { userIds, unknown } = await findMembers(caller, named);
    const t = await words();
    if (unknown.length > 0) {
      const addresses = unknown.slice(0, 5).join(", ");
      return fieldError("people", t("unknownAddress", { addresses }));
    }
    if (grants === "people" && userIds.length === 0) {
      return fieldError("people", t("nobodyNamed"));
    }
    const roleIds = grants === "roles" ? chosen.roleIds : [];
    if (grants === "roles" && roleIds.length === 0) {
      return fieldError("roleIds", t("noRole"));
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
      const t = await words();
      if (decision === "revoke" && only === undefined && !confirm) {
        return {
          status: "error",
          message: t("wouldEnd", { count: itemIds.length }),
          fieldErrors: { confirm: [t("tick")] },
        };
      }
      const refused: string[] = [];
      let done = 0;
      for (const itemId of itemIds) {
        const result = await answerItem(caller, id, itemId, { decision, note });
        if (result.outcome === "rejected" || result.outcome === "not-found") {
          refused.push(await answerRefusal(result));
        } else {
          done += 1;
        }
      }
      refresh();
      const message = t(decision === "keep" ? "kept" : "revoked", { count: done });
      const [why] = refused;
      return why === undefined
        ? { status: "success", message }
        : formError(t("some", { done: message, count: refused.length, why }));
    },
  );
}

export async function closeReviewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReviewForm, async (caller, { id }) => {
    const result = await closeReview(caller, id, { confirmed: true });
    if (result.outcome === "rejected" || result.outcome === "not-found")
      return endingRefusal(result);
    refresh();
    return { status: "success", message: (await words())("closed") };
  });
}

export async function cancelReviewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReviewForm, async (caller, { id }) => {
    const result = await cancelReview(caller, id);
    if (result.outcome === "rejected" || result.outcome === "not-found")
      return endingRefusal(result);
    revalidatePath(REVIEWS_PATH, "layout");
    return { status: "success", message: (await words())("cancelled") };
  });
}
