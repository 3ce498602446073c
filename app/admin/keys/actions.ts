"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { RotationForm } from "@/app/admin/keys/forms.schema";
import { rotateKeys } from "@/lib/keys/rotate-keys";
import { type FormState, formError } from "@/lib/shared/form-state";

const KEYS_PATH = "/admin/keys";

export async function rotateKeysAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RotationForm, async (caller) => {
    const result = await rotateKeys(caller, { compromised: false });
    const t = await getTranslations("admin-keys.said");
    if (result.outcome === "too-early") return formError(t("tooEarly"));
    revalidatePath(KEYS_PATH);
    return { status: "success", message: t("rotated") };
  });
}

export async function retireKeysAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RotationForm, async (caller) => {
    await rotateKeys(caller, { compromised: true });
    const t = await getTranslations("admin-keys.said");
    revalidatePath(KEYS_PATH);
    return { status: "success", message: t("retired") };
  });
}
