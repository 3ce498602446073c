"use server";

import { redirect } from "next/navigation";
import { runPublicAction } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { LinkForm } from "@/app/(auth)/forms.schema";
import { confirmEmailChange } from "@/lib/authn/confirm-email-change";
import type { FormState } from "@/lib/shared/form-state";

const REFUSALS = {
  elsewhere: "Sign in with the account whose address is to be changed, then open the link again.",
  spent: "This link has been used or has expired. Ask for the change again.",
  "address-taken": "This address cannot be used any more. Ask for the change again with another.",
} as const;

export async function confirmEmailChangeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, LinkForm, async ({ token }, request) => {
    const signedInAs = (await findCaller())?.principal.userId ?? null;
    const result = await confirmEmailChange(token, signedInAs, request);
    if (result.outcome === "rejected") {
      return { status: "error", message: REFUSALS[result.reason] };
    }
    redirect(`/confirm-email-change?done=${result.outcome}`);
  });
}
