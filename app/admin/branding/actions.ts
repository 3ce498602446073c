"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { tooMany } from "@/app/(auth)/messages";
import { BrandingForm, LogoForm, Nothing } from "@/app/admin/branding/forms.schema";
import {
  changeBranding,
  changeLogo,
  removeLogo,
  resetBranding,
} from "@/lib/branding/manage-branding";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const PATH = "/admin/branding";

export async function saveBrandingAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, BrandingForm, async (caller, { version, ...branding }) => {
    const result = await changeBranding(caller, branding, version);
    const t = await getTranslations("branding");
    if (result.outcome === "rejected") return formError(t("stale"));
    revalidatePath(PATH);
    return { status: "success", message: t("saved") };
  });
}

/** What a logo is refused for, in the words of `branding.logo`. */
const REFUSED = {
  none: "none",
  "too-large": "tooLarge",
  "too-many-pixels": "tooManyPixels",
  "not-a-picture": "notAPicture",
  broken: "broken",
  busy: "busy",
} as const;

export async function changeLogoAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, LogoForm, async (caller, { scheme }) => {
    const file = form.get("logo");
    const given = file instanceof File && file.size > 0 ? file : null;
    const result = await changeLogo(caller, scheme, given);
    const t = await getTranslations("branding.logo");
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") return fieldError("logo", t(REFUSED[result.reason]));
    revalidatePath(PATH);
    return { status: "success", message: t("saved") };
  });
}

export async function removeLogoAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, LogoForm, async (caller, { scheme }) => {
    const removed = await removeLogo(caller, scheme);
    const t = await getTranslations("branding.logo");
    revalidatePath(PATH);
    return removed ? { status: "success", message: t("removed") } : formError(t("gone"));
  });
}

export async function resetBrandingAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    await resetBranding(caller);
    revalidatePath(PATH);
    return { status: "success", message: (await getTranslations("branding"))("reset.done") };
  });
}
