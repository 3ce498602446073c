"use server";

import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { AnswerForm, CodeForm } from "@/app/(auth)/device/forms.schema";
import { tooMany } from "@/app/(auth)/messages";
import { answerDevice, findDevice } from "@/lib/oidc/device-requests";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

// One text for every code that leads nowhere: which are in use helps only who guesses (ATK-29).
const UNKNOWN_CODE = "unknownCode";

export async function findDeviceAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, CodeForm, async (caller, { shown }) => {
    const result = await findDevice(caller, shown);
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") {
      const t = await getTranslations("auth.device");
      return fieldError("shown", t(UNKNOWN_CODE));
    }
    redirect(`/device?request=${result.handle}`);
  });
}

export async function answerDeviceAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AnswerForm, async (caller, { request, answer }) => {
    const result = await answerDevice(caller, request, answer === "allow");
    if (result.outcome === "rejected") {
      const t = await getTranslations("auth.device");
      return formError(t("answered"));
    }
    redirect(`/device?answered=${answer}`);
  });
}
