"use client";

import { type ReactNode, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { useScripted } from "@/components/form/use-scripted";
import { type Ceremony, type CeremonyOptions, runCeremony } from "@/components/passkey/ceremony";
import { PasskeyAutofill } from "@/components/passkey/passkey-autofill";
import type { ButtonVariant } from "@/components/ui/button-class";
import { type FormState, type Given, IDLE } from "@/lib/shared/form-state";

type Ask = (previous: FormState, form: FormData) => Promise<FormState | Given<CeremonyOptions>>;

/**
 * A form that a passkey answers: it asks the server for a challenge, lets the
 * browser answer it, and sends that along with its other fields. Everything that
 * goes wrong is said like any other error of a form, and what was typed stays.
 */
export function PasskeyForm({
  ceremony,
  ask,
  answer,
  autofill = false,
  submitLabel,
  variant = "primary",
  withoutScript,
  children,
  ...props
}: {
  ceremony: Ceremony;
  ask: Ask;
  answer: FormAction;
  /** Whether the browser may offer passkeys at a field of the page with `webauthn`. */
  autofill?: boolean;
  submitLabel: ReactNode;
  variant?: ButtonVariant;
  /** What is said to a browser without script. */
  withoutScript: string;
  children?: ReactNode;
  "aria-label": string;
}) {
  const t = useTranslations("common.passkey");
  const scripted = useScripted();
  const id = useId();
  /** The answer that autofill brought, to be sent instead of asking for one. */
  const brought = useRef<string | null>(null);
  const busy = useRef(false);

  const [round, setRound] = useState(0);
  const offerAgain = () => setRound((present) => present + 1);

  const form = () => document.getElementById(id) as HTMLFormElement | null;
  const askForAutofill = async (): Promise<CeremonyOptions | null> => {
    const asking = form();
    const asked = asking && (await ask(IDLE, new FormData(asking)));
    return asked?.status === "given" ? asked.value : null;
  };
  const sendBrought = (response: string) => {
    brought.current = response;
    form()?.requestSubmit();
  };

  const attempt: FormAction = async (previous, entries) => {
    let response = brought.current;
    brought.current = null;
    if (response === null) {
      const asked = await ask(previous, entries);
      if (asked.status !== "given") return asked;
      const result = await runCeremony(ceremony, asked.value);
      if (result.outcome === "failed") return { status: "error", message: t(result.reason) };
      response = result.response;
    }
    entries.set("response", response);
    return answer(previous, entries);
  };

  const send: FormAction = async (previous, entries) => {
    busy.current = true;
    try {
      const state = await attempt(previous, entries);
      offerAgain();
      return state;
    } finally {
      busy.current = false;
    }
  };

  if (!scripted) {
    return <p className="hidden text-ink-soft text-sm noscript:block">{withoutScript}</p>;
  }
  return (
    <ActionForm {...props} id={id} action={send}>
      {children}
      {autofill && (
        <PasskeyAutofill
          key={round}
          ask={askForAutofill}
          isBusy={() => busy.current}
          onAnswer={sendBrought}
          onStale={offerAgain}
        />
      )}
      <div>
        <SubmitButton variant={variant}>{submitLabel}</SubmitButton>
      </div>
    </ActionForm>
  );
}
