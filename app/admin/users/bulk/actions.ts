"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { ManyUsersForm } from "@/app/admin/users/bulk/forms.schema";
import { refusalState } from "@/app/admin/users/refusals";
import type { FormResult, FormState } from "@/lib/shared/form-state";
import { changeMany, type ManyChange, type OneOfMany } from "@/lib/users/change-many";

/** @needs manage_users By the change also assign_roles or revoke_sessions. */
export async function changeManyAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ManyUsersForm, async (caller, { userIds, ...input }) => {
    const change: ManyChange =
      input.change === "add-role" || input.change === "remove-role"
        ? { kind: input.change, roleId: input.roleId }
        : { kind: input.change };
    const results = await Promise.all(
      (await changeMany(caller, userIds, change)).map((one) => wordsOf(one, change)),
    );
    revalidatePath("/", "layout");
    const count = results.filter(({ done }) => done).length;
    const t = await getTranslations("admin-users.bulk");
    return { status: "success", message: t("summary", { count, all: results.length }), results };
  });
}

async function wordsOf({ label, result }: OneOfMany, { kind }: ManyChange): Promise<FormResult> {
  const t = await getTranslations("admin-users.bulk");
  switch (result.outcome) {
    case "denied":
      return { label, text: t("denied", { reference: result.decisionId }), done: false };
    case "rejected":
    case "not-found": {
      const state = await refusalState(result);
      const text = (state.status === "error" && state.message) || t("unchanged");
      return { label, text, done: false };
    }
    default:
      return { label, text: t(`done.${kind}`), done: true };
  }
}
