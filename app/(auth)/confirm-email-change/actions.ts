"use server";

import { redirect } from "next/navigation";
import { runPublicAction } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { getTranslations } from "@/app/_locale/translations";
import { LinkForm } from "@/app/(auth)/forms.schema";
import { confirmEmailChange } from "@/lib/authn/confirm-email-change";
import type { FormState } from "@/lib/shared/form-state";

export async function confirmEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, LinkForm, async ({ token }, request) => {
    const signedInAs = (await findCaller())?.principal.userId ?? null;
    const result = await confirmEmailChange(token, signedInAs, request);
    if (result.outcome === "rejected") {
      const t = await getTranslations("auth.changeEmail.refusals");
      return { status: "error", message: t(result.reason) };
    }
    redirect(`/confirm-email-change?done=${result.outcome}`);
  });
}
