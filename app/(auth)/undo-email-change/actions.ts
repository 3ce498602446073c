"use server";

import { redirect } from "next/navigation";
import { runPublicAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { LinkForm } from "@/app/(auth)/forms.schema";
import { findDeviceSecret } from "@/lib/authn/device-cookie";
import { undoEmailChange } from "@/lib/authn/undo-email-change";
import type { FormState } from "@/lib/shared/form-state";

export async function undoEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, LinkForm, async ({ token }, request) => {
    const result = await undoEmailChange(token, request, await findDeviceSecret());
    if (result.outcome === "rejected") {
      const t = await getTranslations("auth.answers");
      return { status: "error", message: t("linkOver") };
    }
    redirect("/undo-email-change?done=1");
  });
}
