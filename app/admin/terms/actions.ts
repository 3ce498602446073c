"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { TermsForm } from "@/app/admin/terms/forms.schema";
import type { FormState } from "@/lib/shared/form-state";
import { publishTerms } from "@/lib/terms/publish-terms";

export async function publishTermsAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, TermsForm, async (caller, terms) => {
    const { number } = await publishTerms(caller, terms);
    revalidatePath("/admin/terms");
    const t = await getTranslations("admin-terms");
    return { status: "success", message: t("published", { number }) };
  });
}
