"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations } from "@/app/_locale/translations";
import { EmailForm, LanguageForm, Nothing } from "@/app/(account)/account/profile/forms.schema";
import { tooMany } from "@/app/(auth)/messages";
import { cancelEmailChange, requestEmailChange } from "@/lib/authn/change-email";
import { translatorFor } from "@/lib/platform/locale/translator";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";
import { changeOwnPicture, removeOwnPicture } from "@/lib/users/picture";
import { updateOwnLanguage } from "@/lib/users/update-profile";

const PROFILE_PATH = "/account/profile";

export async function requestEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, EmailForm, async (caller, { email }) => {
    const result = await requestEmailChange(caller, email);
    const t = await getTranslations("profile.email");
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") {
      return { status: "error", fieldErrors: { email: [t("same")] } };
    }
    revalidatePath(PROFILE_PATH);
    return { status: "success", message: t("sent") };
  });
}

export async function cancelEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    const t = await getTranslations("profile.email");
    const cancelled = await cancelEmailChange(caller);
    revalidatePath(PROFILE_PATH);
    return cancelled
      ? { status: "success", message: t("stays") }
      : { status: "error", message: t("nothing") };
  });
}

export async function updateLanguageAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, LanguageForm, async (caller, setting) => {
    await updateOwnLanguage(caller, setting);
    revalidatePath("/", "layout");
    // As the page that is drawn anew.
    const t = await translatorFor(setting.locale ?? (await requestLanguage()).locale, "profile");
    return { status: "success", message: t("language.saved") };
  });
}

/** What a picture is refused for, in the words of `profile.picture`. */
const REFUSED = {
  "too-large": "tooLarge",
  "too-many-pixels": "tooManyPixels",
  "not-a-picture": "notAPicture",
  broken: "broken",
  busy: "busy",
} as const;

export async function changePictureAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    const t = await getTranslations("profile.picture");
    const file = form.get("picture");
    if (!(file instanceof File) || file.size === 0) return fieldError("picture", t("none"));
    const result = await changeOwnPicture(caller, file);
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") return fieldError("picture", t(REFUSED[result.reason]));
    revalidatePath("/", "layout");
    return { status: "success", message: t("saved") };
  });
}

export async function removePictureAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    const removed = await removeOwnPicture(caller);
    const t = await getTranslations("profile.picture");
    revalidatePath("/", "layout");
    return removed ? { status: "success", message: t("removed") } : formError(t("gone"));
  });
}
