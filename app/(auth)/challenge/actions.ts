"use server";

import { redirect } from "next/navigation";
import { runPublicAction } from "@/app/_http/action";
import { ensureFlow } from "@/app/(auth)/challenge/challenge";
import { AnswerForm, PromptForm } from "@/app/(auth)/challenge/forms.schema";
import { challengePath } from "@/app/(auth)/challenge/paths";
import { enter } from "@/app/(auth)/enter";
import { tooMany } from "@/app/(auth)/messages";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import type { FactorKind } from "@/lib/shared/factor";
import type { FormState } from "@/lib/shared/form-state";

const START_OVER = "/sign-in?notice=start-over";

const FIELDS: Record<FactorKind, string> = {
  passkey: "response",
  password: "password",
  "email-code": "code",
  totp: "code",
  "sms-code": "code",
  "recovery-code": "code",
};

const WRONG: Record<FactorKind, string> = {
  passkey: "This passkey does not belong to your account.",
  password: "This is not the password.",
  "email-code": "This is not the code that we sent. Check the newest mail.",
  totp: "This is not the code that your app shows now. Each code works once.",
  "sms-code": "This is not the code that we sent.",
  "recovery-code": "This is none of your unused recovery codes.",
};

const SPENT = "This code has expired or was tried too often. Ask for a new one.";

export async function answerChallengeAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, AnswerForm, async (input, request) => {
    const { factor, returnTo, trust, ...answer } = input;
    const isStepUp = input.for === "step-up";
    const browser = await ensureFlow(isStepUp, returnTo);
    if (browser === null) redirect("/sign-in");
    const trustDevice = trust === "on";
    const result = await attemptFactor(browser, factor, answer, { trustDevice }, request);
    switch (result.outcome) {
      case "authenticated": {
        const isIn = await enter(result.ticket);
        redirect(isIn ? result.returnTo : START_OVER);
      }
      // eslint-disable-next-line no-fallthrough -- redirect() never returns.
      case "continue":
        redirect(challengePath(null, isStepUp, returnTo));
      // eslint-disable-next-line no-fallthrough -- as above.
      case "out-of-order":
        redirect(isStepUp ? challengePath(null, true, returnTo) : START_OVER);
      // eslint-disable-next-line no-fallthrough -- as above.
      case "locked":
        return tooMany(result.retryAfterSeconds);
      case "rejected": {
        const message = result.reason === "spent" ? SPENT : WRONG[factor];
        return { status: "error", fieldErrors: { [FIELDS[factor]]: [message] } };
      }
    }
  });
}

export async function sendCodeAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runPublicAction(form, PromptForm, async (input, request) => {
    const isStepUp = input.for === "step-up";
    const browser = await ensureFlow(isStepUp, input.returnTo);
    if (browser === null) redirect("/sign-in");
    const result = await promptFactor(browser, input.factor, request);
    if (result.outcome === "limited") return tooMany(result.retryAfterSeconds);
    if (result.outcome === "out-of-order") redirect(START_OVER);
    return { status: "success", message: "A code is on its way." };
  });
}
