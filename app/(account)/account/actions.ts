"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
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
    const t = await getTranslations("account");
    return { status: "success", message: t("saved") };
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
      const t = await getTranslations("account.password");
      if (result.outcome === "rejected") {
        return result.reason === "wrong-password"
          ? { status: "error", fieldErrors: { current: [t("wrong")] } }
          : passwordRefused(result.reason);
      }
      if (returnTo !== undefined) redirect(safeReturnTo(returnTo));
      return { status: "success", message: t("changed", { count: result.endedSessions }) };
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
    const t = await getTranslations("account.sessions");
    return outcome === "revoked"
      ? { status: "success", message: t("ended") }
      : { status: "error", message: t("endedAlready") };
  });
}

export async function revokeOtherSessionsAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, z.object({}), async (caller) => {
    const count = await revokeOtherSessions(caller);
    revalidatePath("/account", "layout");
    const t = await getTranslations("account.sessions");
    return { status: "success", message: t("othersEnded", { count }) };
  });
}
