"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { leadTo } from "@/app/_http/onward";
import { getTranslations } from "@/app/_locale/translations";
import {
  IdentityForm,
  LinkIdentityForm,
} from "@/app/(account)/account/security/connected/forms.schema";
import { SECURITY_PATH } from "@/app/(account)/account/security/paths";
import { factorRefused } from "@/app/(account)/account/security/refusals";
import { signIn as openSession } from "@/lib/authn/auth-js";
import { setLinkCookie } from "@/lib/authn/link-cookie";
import { startIdentityLink, unlinkIdentity } from "@/lib/authn/own-identities";
import type { Caller } from "@/lib/shared/caller";
import { type FormState, formError } from "@/lib/shared/form-state";

/** Leads to the provider; what comes back is connected instead of signing in. */
export async function linkIdentityAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, LinkIdentityForm, linkIdentity, { during: "single-sign-on" });
}

/** Also for who is held until they sign in there: they are known there first. */
async function linkIdentity(
  caller: Caller,
  { provider }: { provider: string },
): Promise<FormState> {
  const secret = await startIdentityLink(caller, provider);
  if (secret === null) {
    return formError((await getTranslations("account-security.connected"))("notSetUp"));
  }
  await setLinkCookie(secret);
  const target: unknown = await openSession(provider, {
    redirect: false,
    redirectTo: SECURITY_PATH,
  });
  return leadTo(String(target));
}

export async function unlinkIdentityAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, IdentityForm, async (caller, { identityId }) => {
    const result = await unlinkIdentity(caller, identityId);
    revalidatePath(SECURITY_PATH);
    const t = await getTranslations("account-security.connected");
    if (result === null) return formError(t("wasGone"));
    if (result.outcome === "rejected") return factorRefused(result.reason);
    return { status: "success", message: t("isDisconnected") };
  });
}
