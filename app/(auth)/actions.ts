"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { admitOwn, runPublicAction } from "@/app/_http/action";
import { leaveFlash, SESSION_ENDED } from "@/app/_http/flash";
import { leadTo } from "@/app/_http/onward";
import {
  ensureDevice,
  ensureSignUpBrowser,
  findReturnTo,
  findSignUpBrowser,
  forgetReturnTo,
  keepReturnTo,
  setSignOutSecret,
} from "@/app/(auth)/browser-cookies";
import { enter } from "@/app/(auth)/enter";
import {
  AskForMailForm,
  ConfirmEmailForm,
  LinkForm,
  ProviderForm,
  RequestResetForm,
  ResetForm,
  SetupForm,
  SignInForm,
  SignUpForm,
} from "@/app/(auth)/forms.schema";
import { findKeptInvitation } from "@/app/(auth)/invitations/invitation-cookie";
import { passwordRefused, refused, tooMany, workFirst } from "@/app/(auth)/messages";
import { promptFactor } from "@/lib/authn/attempt-factor";
import { signOut as closeSession, signIn as openSession } from "@/lib/authn/auth-js";
import { confirmRegistration } from "@/lib/authn/confirm-registration";
import { findDeviceSecret } from "@/lib/authn/device-cookie";
import { createFirstAdministrator } from "@/lib/authn/first-administrator";
import { findFlowCookie, setFlowCookie } from "@/lib/authn/flow-cookie";
import { findKept } from "@/lib/authn/kept-cookie";
import { clearLinkCookie } from "@/lib/authn/link-cookie";
import { register } from "@/lib/authn/register";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { disownSignIn } from "@/lib/authn/sign-in-alert";
import { beginSignIn, spendFlow } from "@/lib/authn/sign-in-flow";
import { signInWithLink } from "@/lib/authn/sign-in-with-link";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { signOut } from "@/lib/authn/sign-out";
import { findProvider } from "@/lib/federation/providers";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FormState } from "@/lib/shared/form-state";
import { HOME_PATH, safeReturnTo } from "@/lib/shared/return-to";

// One text for every wrong pair: which half was wrong helps only an attacker (ATK-38).
const WRONG_CREDENTIALS = "wrongCredentials";

export async function signInAction(_previous: FormState, form: FormData): Promise<FormState> {
  const schema = form.has("via") ? AskForMailForm : SignInForm;
  return runPublicAction(form, schema, async (input, request) => {
    const target = safeReturnTo(input.returnTo);
    const device = await findDeviceSecret();
    if ("via" in input) return askForMail(input, target, request);
    const { email, password, proof } = input;
    const options = { returnTo: target, proof };
    const result = await signInWithPassword(email, password, device, request, options);
    if (result.outcome === "challenge-required") return workFirst(result.challenge, "sign-in");
    if (result.outcome === "locked") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") {
      return refused(result.reason === "email-unverified" ? "confirmFirst" : WRONG_CREDENTIALS);
    }
    if (result.outcome === "continue") {
      await setFlowCookie(result.flowSecret);
      redirect("/challenge");
    }
    if (!(await enter(result.ticket))) return refused(WRONG_CREDENTIALS);
    redirect(target);
  });
}

/** Begins a sign-in with a code or a link by mail, and leads to where it is taken. */
async function askForMail(
  { email, via }: { email: string; via: "code" | "link" },
  returnTo: string,
  request: RequestFacts,
): Promise<FormState> {
  const budget = await spendFlow(request);
  if (!budget.allowed) return tooMany(budget.retryAfterSeconds);
  const flowSecret = await beginSignIn(email, returnTo);
  const browser = { flowSecret, deviceSecret: await findDeviceSecret() };
  const result = await promptFactor(browser, "email-code", request, via);
  if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
  if (result.outcome === "out-of-order") return refused("noCodeByMail");
  await setFlowCookie(flowSecret);
  redirect(via === "link" ? "/sign-in/link" : "/challenge/email-code");
}

export async function signInWithLinkAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, LinkForm, async ({ token }, request) => {
    const browser = {
      flowSecret: await findFlowCookie(),
      deviceSecret: await findDeviceSecret(),
    };
    const result = await signInWithLink(token, browser, request);
    if (result.outcome === "rejected") return refused("linkSpent");
    if (result.outcome === "continue") {
      await setFlowCookie(result.flowSecret);
      redirect("/challenge");
    }
    if (!(await enter(result.ticket))) return refused("linkSpent");
    redirect(result.returnTo);
  });
}

export async function disownSignInAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, LinkForm, async ({ token }, request) => {
    const result = await disownSignIn(token, request, await findDeviceSecret());
    if (result.outcome === "rejected") return refused("linkSpent");
    redirect("/not-me?done=1");
  });
}

export async function signInWithProviderAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, ProviderForm, async ({ provider, returnTo }) => {
    if ((await findProvider(provider)) === null) {
      return refused("providerOff");
    }
    await ensureDevice();
    // What comes back is to sign in, and not to be connected to whoever asked for that before.
    await clearLinkCookie();
    const target: unknown = await openSession(provider, {
      redirect: false,
      redirectTo: safeReturnTo(returnTo),
    });
    return leadTo(String(target));
  });
}

/** Ends the session of the account in use; others of this browser stay (F36). */
export async function signOutAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(
    form,
    z.object({}),
    async (_input, _request, caller) => {
      const upstream = caller && (await signOut(caller));
      await closeSession({ redirect: false });
      if (upstream === null) {
        if ((await findKept()).length > 0) redirect("/accounts");
        await leaveFlash({ event: SESSION_ENDED, id: newId(), label: "" });
        redirect("/sign-in");
      }
      // Not to the provider at once: there people choose, and a form may not lead anywhere.
      await setSignOutSecret(upstream);
      redirect("/signed-out");
    },
    { admit: admitOwn(form) },
  );
}

export async function signUpAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, SignUpForm, async ({ returnTo, ...input }, request) => {
    const browserSecret = await ensureSignUpBrowser();
    const invitation = await findKeptInvitation();
    const result = await register({ ...input, browserSecret, invitation }, request);
    if (result.outcome === "challenge-required") return workFirst(result.challenge, "sign-up");
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "rejected") {
      return result.reason === "sign-up-closed"
        ? refused("signUpClosed")
        : passwordRefused(result.reason);
    }
    await keepReturnTo(returnTo);
    redirect("/verify-email");
  });
}

export async function confirmEmailAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, ConfirmEmailForm, async ({ token, password }, request) => {
    const browserSecret = await findSignUpBrowser();
    const result = await confirmRegistration(token, { browserSecret, password }, request);
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "confirmed") return signInNow("confirmed");
    return result.reason === "wrong-password"
      ? refused("notSignUpPassword", "password")
      : refused("linkSpent");
  });
}

/** To the sign-in page, which goes on to where this browser was on its way before the mail. */
async function signInNow(notice: string): Promise<never> {
  const returnTo = await findReturnTo();
  await forgetReturnTo();
  const query = new URLSearchParams({ notice, ...(returnTo !== HOME_PATH && { returnTo }) });
  redirect(`/sign-in?${query.toString()}`);
}

export async function requestResetAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, RequestResetForm, async ({ email, returnTo }, request) => {
    const result = await requestPasswordReset(email, request, await findDeviceSecret());
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    await keepReturnTo(returnTo);
    redirect("/reset-password?sent=1");
  });
}

export async function resetPasswordAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, ResetForm, async ({ token, password }, request) => {
    const result = await resetPassword(token, password, request, await findDeviceSecret());
    if (result.outcome === "changed")
      return signInNow(result.first ? "first-password" : "password");
    if (result.reason === "replaced") return refused("linkReplaced");
    return result.reason === "common" || result.reason === "personal" || result.reason === "reused"
      ? passwordRefused(result.reason)
      : refused("linkSpent");
  });
}

export async function setupAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, SetupForm, async ({ token, ...administrator }, request) => {
    const result = await createFirstAdministrator(administrator, { secret: token }, request);
    if (result.outcome === "created") redirect("/sign-in?notice=administrator");
    switch (result.reason) {
      case "link-invalid":
        return refused("setupLinkInvalid");
      case "address-taken":
        return refused("addressTaken", "email");
      default:
        return passwordRefused(result.reason);
    }
  });
}
