"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import {
  ConfirmTotpForm,
  DeviceForm,
  Nothing,
  RecoveryCodesForm,
  StartTotpForm,
} from "@/app/(account)/account/security/forms.schema";
import { goOn } from "@/app/(account)/account/security/go-on";
import { authenticatorPath, SECURITY_PATH } from "@/app/(account)/account/security/paths";
import { factorRefused } from "@/app/(account)/account/security/refusals";
import { enter } from "@/app/(auth)/enter";
import { enrolTotp, forgetTotp, regenerateRecoveryCodes, startTotp } from "@/lib/authn/own-factors";
import { distrustOwnDevices } from "@/lib/sessions/trusted-devices";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

/** Makes a secret and leads to the page that shows it. */
export async function startTotpAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    StartTotpForm,
    async (caller, { returnTo }) => {
      await startTotp(caller);
      redirect(authenticatorPath(returnTo));
    },
    { during: "second-factor" },
  );
}

export async function confirmTotpAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    ConfirmTotpForm,
    async (caller, { code, returnTo }) => {
      const result = await enrolTotp(caller, code);
      if (result === null) {
        const t = await getTranslations("account-security.authenticator");
        return fieldError("code", t("wrong"));
      }
      if (result.outcome === "rejected") return factorRefused(result.reason);
      if (result.ticket !== null) await enter(result.ticket);
      if (returnTo) return goOn(returnTo);
      redirect(`${SECURITY_PATH}?added=totp`);
    },
    { during: "second-factor" },
  );
}

export async function removeTotpAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    const result = await forgetTotp(caller);
    revalidatePath(SECURITY_PATH);
    if (result?.outcome === "rejected") return factorRefused(result.reason);
    const t = await getTranslations("account-security.authenticator");
    return { status: "success", message: t("isRemoved") };
  });
}

export async function regenerateRecoveryCodesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RecoveryCodesForm, async (caller, { replace }) => {
    const result = await regenerateRecoveryCodes(caller, { replace: replace === "on" });
    const t = await getTranslations("account-security.recovery");
    if (result?.outcome === "unconfirmed") return fieldError("replace", t("confirm"));
    if (result?.outcome !== "changed") return formError(t("tooOften"));
    revalidatePath(SECURITY_PATH);
    return {
      status: "success",
      message: t(result.replaced ? "isReplaced" : "isMade"),
      reveal: result.value,
    };
  });
}

export async function distrustDevicesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, DeviceForm, async (caller, { deviceId }) => {
    const done = await distrustOwnDevices(caller, deviceId ?? null);
    revalidatePath(SECURITY_PATH);
    const t = await getTranslations("account-security.devices");
    return done ? { status: "success", message: t("stopped") } : formError(t("notTrusted"));
  });
}
