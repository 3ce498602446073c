"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { revokeOwnApp } from "@/lib/oidc/own-apps";
import type { FormState } from "@/lib/shared/form-state";

const AppForm = z.object({ clientId: z.string().min(1).max(2_000) });

export async function revokeAppAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AppForm, async (caller, { clientId }) => {
    const { outcome } = await revokeOwnApp(caller, clientId);
    revalidatePath("/account/apps");
    const t = await getTranslations("account.apps");
    return outcome === "revoked"
      ? { status: "success", message: t("takenBack") }
      : { status: "error", message: t("hadNone") };
  });
}
