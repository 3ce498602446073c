"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { AcceptForm } from "@/app/(auth)/terms/forms.schema";
import { type FormState, formError } from "@/lib/shared/form-state";
import { safeReturnTo } from "@/lib/shared/return-to";
import { acceptTerms } from "@/lib/terms/accept-terms";

export async function acceptTermsAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    AcceptForm,
    async (caller, { shown, returnTo }) => {
      const { outcome } = await acceptTerms(caller, shown);
      if (outcome === "rejected") {
        revalidatePath("/terms");
        const t = await getTranslations("auth.terms");
        return formError(t("newer"));
      }
      redirect(safeReturnTo(returnTo));
    },
    { during: "terms" },
  );
}
