"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import type { FormState } from "@/lib/shared/form-state";
import { endUserSessions } from "@/lib/users/user-sessions";

const EndSessionForm = z.object({ userId: z.uuid(), sessionId: z.uuid() });

export async function endSessionAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EndSessionForm, async (caller, { userId, sessionId }) => {
    const result = await endUserSessions(caller, userId, sessionId);
    revalidatePath("/admin/sessions");
    switch (result.outcome) {
      case "ended":
        return { status: "success", message: "The session has ended." };
      case "not-found":
        return { status: "error", message: "This session had ended already." };
      default:
        return {
          status: "error",
          message: "This user may do more than you, so their sessions are not yours to end.",
        };
    }
  });
}
