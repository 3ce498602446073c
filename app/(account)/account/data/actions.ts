"use server";

import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { DeletionForm, Nothing } from "@/app/(account)/account/data/forms.schema";
import { keepOwnAccount } from "@/lib/personal-data/cancel-deletion";
import { requestDeletion } from "@/lib/personal-data/request-deletion";
import type { Caller } from "@/lib/shared/caller";
import { type FormState, formError } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";

/** @needs signed-in It is asked of others whether they could take over. */
export async function requestDeletionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, DeletionForm, request, { during: "terms" });
}

/** Also for whoever does not accept the terms in force: that is their way out. */
async function request(caller: Caller, { email }: { email: string }): Promise<FormState> {
  const result = await requestDeletion(caller, email);
  if (result.outcome === "requested") redirect("/undo-account-deletion?requested=1");
  const t = await getTranslations("account.data");
  switch (result.reason) {
    case "not-confirmed":
      return {
        status: "error",
        fieldErrors: { email: [t("notYours")] },
        values: { email },
      };
    case "signed-out":
      return redirect("/sign-in");
    case "hand-over": {
      const organizations = result.organizations.map(({ name }) => name).join(", ");
      return formError(t("alone", { organizations }));
    }
    case "last-administrator":
      return formError(t("lastAdministrator"));
    case "confirmation-required":
    case "duty-conflict":
      throw new Error(`leaving was asked for: ${result.reason}`);
  }
}

export async function keepAccountAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(
    form,
    Nothing,
    async (caller) => {
      if (await keepOwnAccount(caller)) redirect(HOME_PATH);
      const t = await getTranslations("account.data");
      return formError(t("tooLate"));
    },
    { during: "deletion" },
  );
}
