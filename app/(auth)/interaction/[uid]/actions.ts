"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { chosenPath } from "@/app/(auth)/interaction/[uid]/chosen-path";
import { chooseAnotherAccount } from "@/lib/oidc/choose-account";
import { answerConsent } from "@/lib/oidc/interactions";
import { type FormState, formError } from "@/lib/shared/form-state";
import { accountsPath } from "@/lib/shared/return-to";

const Interaction = z.object({ uid: z.string().min(1).max(100) });
const ConsentAnswer = Interaction.extend({
  answer: z.enum(["allow", "deny"]),
});

const gone = async (): Promise<FormState> =>
  formError((await getTranslations("auth.interaction"))("gone"));

/**
 * Leads back to the page, which goes on from there: a form may not end at
 * another site, and the engine's answer is a redirect to one (F124).
 */
export async function answerConsentAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ConsentAnswer, async (caller, { uid, answer }) => {
    const result = await answerConsent(caller, uid, answer === "allow");
    if (result.outcome === "rejected") {
      return gone();
    }
    redirect(`/interaction/${encodeURIComponent(uid)}`);
  });
}

/** Leads to the accounts of this browser, and from there back to the app's request. */
export async function chooseAnotherAccountAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Interaction, async (caller, { uid }) => {
    if (!(await chooseAnotherAccount(caller, uid))) return gone();
    redirect(accountsPath(chosenPath(uid)));
  });
}
