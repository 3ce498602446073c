"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
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
import { type FormState, fieldError } from "@/lib/shared/form-state";

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
        const message = "This is not the code that your app shows now. Try the next one.";
        return { status: "error", fieldErrors: { code: [message] } };
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
    return { status: "success", message: "The authenticator app is removed." };
  });
}

export async function regenerateRecoveryCodesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RecoveryCodesForm, async (caller, { replace }) => {
    const result = await regenerateRecoveryCodes(caller, { replace: replace === "on" });
    if (result?.outcome === "unconfirmed") {
      return fieldError("replace", "Say that your present codes may stop working.");
    }
    if (result?.outcome !== "changed") {
      return {
        status: "error",
        message: "New codes were made often enough for now. Try again in an hour.",
      };
    }
    revalidatePath(SECURITY_PATH);
    return {
      status: "success",
      message: result.replaced
        ? "Here are your new recovery codes. Earlier ones no longer work."
        : "Here are your recovery codes.",
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
    return done
      ? { status: "success", message: "It will be asked for a second factor again." }
      : { status: "error", message: "This device was not trusted any more." };
  });
}
