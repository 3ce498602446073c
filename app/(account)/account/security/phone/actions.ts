"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
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
import type { FormState } from "@/lib/shared/form-state";

const NUMBERS = {
  invalid: "This is no telephone number. Write it with its country, such as +43 664 1234567.",
  "not-mobile": "Text messages do not reach this number. Use that of a mobile phone.",
  country: "We send no messages to this country.",
};

const CODES = {
  wrong: "This is not the code that we sent. Check the newest message.",
  spent: "This code has expired or was tried too often. Ask for a new one.",
};

const UNAVAILABLE: FormState = {
  status: "error",
  message: "Text messages cannot be sent now. Use another way.",
};

const wrongField = (field: string, message: string): FormState => ({
  status: "error",
  fieldErrors: { [field]: [message] },
});

/** Sends the first code to a number, and leads to where it is given. */
export async function startPhoneAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    StartPhoneForm,
    async (caller, { number, returnTo }) => {
      const result = await startPhone(caller, number);
      if (result.outcome === "asked") redirect(phonePath(returnTo));
      if (result.outcome === "rejected") return wrongField("number", NUMBERS[result.reason]);
      return result.outcome === "limited" ? tooMany(result.retryAfterSeconds) : UNAVAILABLE;
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
        if (result.reason === "unavailable") return UNAVAILABLE;
        return result.reason === "wrong" || result.reason === "spent"
          ? wrongField("code", CODES[result.reason])
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
    return { status: "success", message: "The telephone number is removed." };
  });
}
