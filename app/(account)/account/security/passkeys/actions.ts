"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { goOn } from "@/app/(account)/account/security/go-on";
import {
  EnrolPasskeyForm,
  ForgetPasskeyForm,
  RenamePasskeyForm,
  StartPasskeyForm,
} from "@/app/(account)/account/security/passkeys/forms.schema";
import { enter } from "@/app/(auth)/enter";
import { enrolPasskey, forgetPasskey, renamePasskey, startPasskey } from "@/lib/authn/own-passkeys";
import { type FormState, formError, type Given } from "@/lib/shared/form-state";

const SECURITY_PATH = "/account/security";

const REFUSALS = {
  wrong: "The browser's answer could not be verified. Try again.",
  spent: "That took too long. Try again.",
  model: "Your organization does not take passkeys of this kind. Use another device or key.",
  taken: "This passkey is in use already, or you have as many as one can have.",
  "last-way-in": "This is your last way in. Add another one first.",
  required: "Your organization asks for a second factor. Add another one first.",
};

const GONE = "This passkey was deleted already.";

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
      if (result.outcome === "rejected") return formError(REFUSALS[result.reason]);
      if (result.ticket !== null) await enter(result.ticket);
      if (returnTo) return goOn(returnTo);
      revalidatePath(SECURITY_PATH);
      return { status: "success", message: "The passkey is added." };
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
    return result === null
      ? formError(GONE)
      : { status: "success", message: "The passkey has its new name." };
  });
}

export async function forgetPasskeyAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ForgetPasskeyForm, async (caller, { passkeyId }) => {
    const result = await forgetPasskey(caller, passkeyId);
    if (result?.outcome === "rejected") return formError(REFUSALS[result.reason]);
    revalidatePath(SECURITY_PATH);
    return result === null
      ? formError(GONE)
      : { status: "success", message: "The passkey is deleted." };
  });
}
