"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { EmailForm, Nothing } from "@/app/(account)/account/profile/forms.schema";
import { tooMany } from "@/app/(auth)/messages";
import { cancelEmailChange, requestEmailChange } from "@/lib/authn/change-email";
import type { FormState } from "@/lib/shared/form-state";

const PROFILE_PATH = "/account/profile";

export async function requestEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, EmailForm, async (caller, { email }) => {
    const result = await requestEmailChange(caller, email);
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") {
      return { status: "error", fieldErrors: { email: ["This is your address already."] } };
    }
    revalidatePath(PROFILE_PATH);
    return { status: "success", message: "We have sent a mail to both addresses." };
  });
}

export async function cancelEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Nothing, async (caller) => {
    const cancelled = await cancelEmailChange(caller);
    revalidatePath(PROFILE_PATH);
    return cancelled
      ? { status: "success", message: "Your address stays as it is." }
      : { status: "error", message: "There was nothing to cancel any more." };
  });
}
