"use server";

import { redirect } from "next/navigation";
import { runPublicAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { LinkForm } from "@/app/(auth)/forms.schema";
import { undoDeletion } from "@/lib/personal-data/cancel-deletion";
import { type FormState, formError } from "@/lib/shared/form-state";

export async function undoDeletionAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, LinkForm, async ({ token }, request) => {
    if (!(await undoDeletion(token, request))) {
      const t = await getTranslations("auth.undoDeletion");
      return formError(t("over"));
    }
    redirect("/undo-account-deletion?done=1");
  });
}
