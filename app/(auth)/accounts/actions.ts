"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { runPublicAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { forgetAllAccounts, setPresentAside } from "@/app/(auth)/accounts/browser-accounts";
import { KeptAccountForm, ReturnForm } from "@/app/(auth)/accounts/forms.schema";
import {
  clearSessionCookie,
  findKept,
  findOwnSession,
  findSessionSecret,
  setKept,
  setSessionCookie,
} from "@/lib/authn/kept-cookie";
import { resumeSession } from "@/lib/sessions/resume-session";
import { endBrowserSessions } from "@/lib/sessions/revoke-sessions";
import type { FormState } from "@/lib/shared/form-state";
import { safeReturnTo, signInPath } from "@/lib/shared/return-to";

const endedPath = (returnTo?: string): string =>
  `/accounts?${new URLSearchParams({ notice: "ended", ...(returnTo !== undefined && { returnTo: safeReturnTo(returnTo) }) })}`;

/** Uses another of this browser's accounts. Who has the cookies may: there is no caller to ask. */
export async function switchAccountAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, KeptAccountForm, async ({ account, returnTo }, request) => {
    const kept = await findKept();
    const chosen = kept.find(({ email }) => email === account);
    const secret = chosen ? await resumeSession(chosen.secret, request) : null;
    // No cookie is touched: another tab may have switched at the same time, and has set them.
    if (secret === null) redirect(endedPath(returnTo));
    await setPresentAside(kept, request, chosen);
    await setSessionCookie(secret);
    revalidatePath("/", "layout");
    redirect(safeReturnTo(returnTo));
  });
}

/** Leads to the sign-in of another account; the present one is kept meanwhile and afterwards. */
export async function addAccountAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, ReturnForm, async ({ returnTo }, request) => {
    await setPresentAside(await findKept(), request);
    await clearSessionCookie();
    revalidatePath("/", "layout");
    redirect(returnTo === undefined ? "/sign-in" : signInPath(safeReturnTo(returnTo)));
  });
}

/** Signs one of the other accounts out, and forgets it. */
export async function forgetAccountAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, KeptAccountForm, async ({ account, returnTo }, request) => {
    const kept = await findKept();
    const leaving = kept.filter(({ email }) => email === account);
    // Another tab has switched to it or removed it: it must not be called signed out.
    if (leaving.length === 0) redirect(endedPath(returnTo));
    await endBrowserSessions(
      leaving.map(({ secret }) => secret),
      "signed_out",
      request,
    );
    await setKept(kept.filter((other) => !leaving.includes(other)));
    revalidatePath("/", "layout");
    const t = await getTranslations("auth.accounts");
    return { status: "success", message: t("isSignedOut", { email: account }) };
  });
}

/** Ends every session of this browser, whosever they are. */
export async function signOutOfAllAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, z.object({}), async (_input, request) => {
    const kept = await findKept();
    // Also the session of whoever acted as somebody else here, until that was over.
    const used = [await findSessionSecret(), await findOwnSession()];
    const secrets = [...used, ...kept.map(({ secret }) => secret)];
    await endBrowserSessions(secrets, "signed_out", request);
    await forgetAllAccounts();
    revalidatePath("/", "layout");
    redirect("/sign-in");
  });
}
