"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { ChangePasswordForm, ProfileForm, SessionForm } from "@/app/(account)/account/forms.schema";
import { passwordRefused, tooMany } from "@/app/(auth)/messages";
import { changePassword } from "@/lib/authn/change-password";
import { revokeOtherSessions, revokeOwnSession } from "@/lib/sessions/revoke-sessions";
import type { FormState } from "@/lib/shared/form-state";
import { safeReturnTo } from "@/lib/shared/return-to";
import { updateOwnName } from "@/lib/users/update-profile";

export async function updateProfileAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ProfileForm, async (caller, { name }) => {
    await updateOwnName(caller, name);
    revalidatePath("/", "layout");
    return { status: "success", message: "Your profile is saved." };
  });
}

export async function changePasswordAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    ChangePasswordForm,
    async (caller, { current, password, returnTo }) => {
      const result = await changePassword(caller, current, password);
      if (result.outcome === "locked") return tooMany(result.retryAfterSeconds);
      if (result.outcome === "rejected") {
        return result.reason === "wrong-password"
          ? { status: "error", fieldErrors: { current: ["This is not your password."] } }
          : passwordRefused(result.reason);
      }
      if (returnTo !== undefined) redirect(safeReturnTo(returnTo));
      const ended = result.endedSessions;
      const others = ended === 1 ? "One other session" : `${ended} other sessions`;
      return {
        status: "success",
        message:
          ended === 0 ? "Your password is changed." : `Your password is changed. ${others} ended.`,
      };
    },
    { during: "password" },
  );
}

export async function revokeSessionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, SessionForm, async (caller, { sessionId }) => {
    const { outcome } = await revokeOwnSession(caller, sessionId);
    if (sessionId === caller.principal.session.id) redirect("/sign-in");
    revalidatePath("/account", "layout");
    return outcome === "revoked"
      ? { status: "success", message: "The session has ended." }
      : { status: "error", message: "This session had ended already." };
  });
}

export async function revokeOtherSessionsAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, z.object({}), async (caller) => {
    const count = await revokeOtherSessions(caller);
    revalidatePath("/account", "layout");
    return {
      status: "success",
      message: count === 1 ? "One other session has ended." : `${count} other sessions have ended.`,
    };
  });
}
