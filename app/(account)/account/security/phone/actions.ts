"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { Nothing } from "@/app/(account)/account/security/forms.schema";
import { goOn } from "@/app/(account)/account/security/go-on";
import { phonePath, SECURITY_PATH } from "@/app/(account)/account/security/paths";
import {
  ConfirmPhoneForm,
  StartPhoneForm,
} from "@/app/(account)/account/security/phone/forms.schema";
import { factorRefused } from "@/app/(account)/account/security/refusals";
import { enter } from "@/app/(auth)/enter";
import { tooMany } from "@/app/(auth)/messages";
import { enrolPhone, forgetPhone, startPhone } from "@/lib/authn/own-phone";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const words = () => getTranslations("account-security.phone");

/** Sends the first code to a number, and leads to where it is given. */
export async function startPhoneAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    StartPhoneForm,
    async (caller, { number, returnTo }) => {
      const result = await startPhone(caller, number);
      if (result.outcome === "asked") redirect(phonePath(returnTo));
      if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
      const t = await words();
      return result.outcome === "rejected"
        ? fieldError("number", t(`numbers.${result.reason}`))
        : formError(t("unavailable"));
    },
    { during: "second-factor" },
  );
}

export async function confirmPhoneAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    ConfirmPhoneForm,
    async (caller, { code, returnTo }) => {
      const result = await enrolPhone(caller, code);
      if (result.outcome === "rejected") {
        const t = await words();
        if (result.reason === "unavailable") return formError(t("unavailable"));
        return result.reason === "wrong" || result.reason === "spent"
          ? fieldError("code", t(result.reason))
          : factorRefused(result.reason);
      }
      if (result.ticket !== null) await enter(result.ticket);
      if (returnTo) return goOn(returnTo);
      redirect(`${SECURITY_PATH}?added=sms-code`);
    },
    { during: "second-factor" },
  );
}

export async function removePhoneAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    const result = await forgetPhone(caller);
    revalidatePath(SECURITY_PATH);
    if (result?.outcome === "rejected") return factorRefused(result.reason);
    return { status: "success", message: (await words())("isRemoved") };
  });
}
