"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { goOn } from "@/app/(account)/account/security/go-on";
import {
  EnrolPasskeyForm,
  ForgetPasskeyForm,
  RenamePasskeyForm,
  StartPasskeyForm,
} from "@/app/(account)/account/security/passkeys/forms.schema";
import { SECURITY_PATH } from "@/app/(account)/account/security/paths";
import { factorRefused } from "@/app/(account)/account/security/refusals";
import { enter } from "@/app/(auth)/enter";
import { enrolPasskey, forgetPasskey, renamePasskey, startPasskey } from "@/lib/authn/own-passkeys";
import { type FormState, formError, type Given } from "@/lib/shared/form-state";

/** Gives the browser what it needs to make a passkey. */
export async function startPasskeyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState | Given<Record<string, unknown>>> {
  return runAction(
    form,
    StartPasskeyForm,
    async (caller) => ({ status: "given", value: { ...(await startPasskey(caller)) } }) as const,
    { during: "second-factor" },
  );
}

export async function enrolPasskeyAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    EnrolPasskeyForm,
    async (caller, { response, name, returnTo }): Promise<FormState> => {
      const result = await enrolPasskey(caller, response, name);
      const t = await getTranslations("account-security.passkeys");
      if (result.outcome === "rejected") {
        return result.reason === "last-way-in" || result.reason === "required"
          ? factorRefused(result.reason)
          : formError(t(`refusals.${result.reason}`));
      }
      if (result.ticket !== null) await enter(result.ticket);
      if (returnTo) return goOn(returnTo);
      revalidatePath(SECURITY_PATH);
      return { status: "success", message: t("isAdded") };
    },
    { during: "second-factor" },
  );
}

export async function renamePasskeyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RenamePasskeyForm, async (caller, { passkeyId, name }) => {
    const result = await renamePasskey(caller, passkeyId, name);
    revalidatePath(SECURITY_PATH);
    const t = await getTranslations("account-security.passkeys");
    return result === null ? formError(t("gone")) : { status: "success", message: t("isRenamed") };
  });
}

export async function forgetPasskeyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ForgetPasskeyForm, async (caller, { passkeyId }) => {
    const result = await forgetPasskey(caller, passkeyId);
    if (result?.outcome === "rejected") return factorRefused(result.reason);
    revalidatePath(SECURITY_PATH);
    const t = await getTranslations("account-security.passkeys");
    return result === null ? formError(t("gone")) : { status: "success", message: t("isDeleted") };
  });
}
