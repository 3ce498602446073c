"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { type FormState, formError } from "@/lib/shared/form-state";
import { endUserSessions } from "@/lib/users/user-sessions";

const EndSessionForm = z.object({ userId: z.uuid(), sessionId: z.uuid() });

export async function endSessionAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EndSessionForm, async (caller, { userId, sessionId }) => {
    const result = await endUserSessions(caller, userId, sessionId);
    revalidatePath("/admin/sessions");
    const t = await getTranslations("admin-sessions");
    switch (result.outcome) {
      case "ended":
        return { status: "success", message: t("ended") };
      case "not-found":
        return formError(t("endedAlready"));
      default:
        return formError(t("beyondYou"));
    }
  });
}
