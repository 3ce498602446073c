"use server";

import { redirect } from "next/navigation";
import { admitOwn, runPublicAction } from "@/app/_http/action";
import { leaveFlash, RECOVERY_CODE_USED } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { ensureFlow, ensureNamelessFlow } from "@/app/(auth)/challenge/challenge";
import { AnswerForm, NamelessForm, PromptForm } from "@/app/(auth)/challenge/forms.schema";
import { challengePath } from "@/app/(auth)/challenge/paths";
import { enter } from "@/app/(auth)/enter";
import { tooMany, workFirst } from "@/app/(auth)/messages";
import { attemptFactor, type Browser, promptFactor } from "@/lib/authn/attempt-factor";
import { setFlowCookie } from "@/lib/authn/flow-cookie";
import { spendFlow } from "@/lib/authn/sign-in-flow";
import type { FactorRefusal } from "@/lib/credentials/factor";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FactorKind } from "@/lib/shared/factor";
import { type FormState, formError, type Given } from "@/lib/shared/form-state";

/** A step-up is for the account that the page was drawn for; a sign-in is for none yet (F36). */
const ofAccount = (form: FormData) =>
  form.get("for") === "step-up" ? { admit: admitOwn(form) } : {};

const START_OVER = "/sign-in?notice=start-over";

/** Where it was typed; a passkey is typed nowhere. */
const FIELDS: Partial<Record<FactorKind, string>> = {
  password: "password",
  "email-code": "code",
  totp: "code",
  "sms-code": "code",
  "recovery-code": "code",
};

async function rejected(factor: FactorKind, reason: FactorRefusal): Promise<FormState> {
  const t = await getTranslations("auth.challenge");
  const spent = factor === "passkey" ? "passkeySpent" : "codeSpent";
  const message = t(reason === "spent" ? spent : `wrong.${factor}`);
  const field = FIELDS[factor];
  return field === undefined
    ? { status: "error", message }
    : { status: "error", fieldErrors: { [field]: [message] } };
}

export async function answerChallengeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(
    form,
    AnswerForm,
    async (input, request) => {
      const { factor, returnTo, trust, proof, ...answer } = input;
      const isStepUp = input.for === "step-up";
      const browser = await ensureFlow(isStepUp, returnTo);
      if (browser === null) redirect("/sign-in");
      const trustDevice = trust === "on";
      const options = { trustDevice, proof };
      const result = await attemptFactor(browser, factor, answer, options, request);
      switch (result.outcome) {
        case "authenticated": {
          const isIn = await enter(result.ticket);
          if (isIn && result.recoveryCodesLeft !== null) {
            const label = String(result.recoveryCodesLeft);
            await leaveFlash({ event: RECOVERY_CODE_USED, id: newId(), label });
          }
          redirect(isIn ? result.returnTo : START_OVER);
        }
        // eslint-disable-next-line no-fallthrough -- redirect() never returns.
        case "continue":
          await setFlowCookie(result.flowSecret);
          redirect(challengePath(null, isStepUp, returnTo));
        // eslint-disable-next-line no-fallthrough -- as above.
        case "out-of-order":
          redirect(isStepUp ? challengePath(null, true, returnTo) : START_OVER);
        // eslint-disable-next-line no-fallthrough -- as above.
        case "locked":
          return tooMany(result.retryAfterSeconds);
        case "challenge-required":
          return workFirst(result.challenge, "sign-in");
        case "rejected":
          return rejected(factor, result.reason);
      }
    },
    ofAccount(form),
  );
}

export async function sendCodeAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(
    form,
    PromptForm,
    async (input, request) => {
      const isStepUp = input.for === "step-up";
      const browser = await ensureFlow(isStepUp, input.returnTo);
      if (browser === null) redirect("/sign-in");
      const result = await promptFactor(browser, input.factor, request);
      if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
      if (result.outcome === "out-of-order") redirect(START_OVER);
      const t = await getTranslations("auth.challenge");
      if (result.outcome === "unavailable") return formError(t("smsUnavailable"));
      return { status: "success", message: t("codeOnItsWay") };
    },
    ofAccount(form),
  );
}

type PasskeyQuestion = FormState | Given<Record<string, unknown>>;

/** Gives the browser what it needs to use a passkey in the flow that goes on. */
export async function askPasskeyAction(
  _previous: FormState,
  form: FormData,
): Promise<PasskeyQuestion> {
  return runPublicAction(
    form,
    PromptForm,
    async (input, request) => {
      const browser = await ensureFlow(input.for === "step-up", input.returnTo);
      if (browser === null) redirect("/sign-in");
      return (await questionFor(browser, request)) ?? redirect(START_OVER);
    },
    ofAccount(form),
  );
}

/** The same for a sign-in that begins with the passkey, and with nobody's name. */
export async function beginWithPasskeyAction(
  _previous: FormState,
  form: FormData,
): Promise<PasskeyQuestion> {
  return runPublicAction(form, NamelessForm, async ({ returnTo }, request) => {
    const budget = await spendFlow(request);
    if (!budget.allowed) return tooMany(budget.retryAfterSeconds);
    const browser = await ensureNamelessFlow(returnTo);
    return (await questionFor(browser, request)) ?? redirect(START_OVER);
  });
}

async function questionFor(
  browser: Browser,
  request: RequestFacts,
): Promise<PasskeyQuestion | null> {
  const result = await promptFactor(browser, "passkey", request);
  if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
  return result.outcome === "asked" ? { status: "given", value: result.options ?? {} } : null;
}
