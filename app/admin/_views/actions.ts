"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { ChangeViewForm, SaveViewForm } from "@/app/admin/_views/forms.schema";
import { usableParameters, VIEWED } from "@/app/admin/_views/viewed-lists";
import { deleteView, renameView, saveView, VIEWS_MAX } from "@/lib/saved-views/own-views";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

/** @needs view_users What the list takes that it is a view of. */
export async function saveViewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, SaveViewForm, async (caller, { list, query, name }) => {
    const t = await getTranslations("admin-views");
    const parameters = usableParameters(list, query);
    const result = await saveView(caller, VIEWED[list], { name, parameters });
    if (result.outcome === "saved") {
      revalidatePath(VIEWED[list].path);
      return { status: "success", message: t("saved", { name }) };
    }
    switch (result.reason) {
      case "name-taken":
        return fieldError("name", t("taken"));
      case "says-nothing":
        return formError(t("saysNothing"));
      case "too-many":
        return formError(t("tooMany", { count: VIEWS_MAX }));
    }
  });
}

/** @needs view_users What the list takes that it is a view of. */
export async function changeViewAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ChangeViewForm, async (caller, input) => {
    const t = await getTranslations("admin-views");
    const viewed = VIEWED[input.list];
    if (input.change === "delete") {
      const deleted = await deleteView(caller, viewed, input.id);
      revalidatePath(viewed.path);
      return { status: "success", message: t(deleted ? "deleted" : "wasGone") };
    }
    const change = await renameView(caller, viewed, input);
    if (change === "name-taken") return fieldError("name", t("taken"));
    revalidatePath(viewed.path);
    return change === "changed"
      ? { status: "success", message: t("renamed", { name: input.name }) }
      : formError(t("deletedMeanwhile"));
  });
}
