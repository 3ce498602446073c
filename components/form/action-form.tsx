"use client";

import { unstable_rethrow as rethrowNavigation } from "next/navigation";
import {
  type ReactNode,
  type SubmitEvent,
  startTransition,
  useActionState,
  useEffect,
  useMemo,
  useRef,
  useState,
  useTransition,
} from "react";
import { useTranslations } from "#translations";
import { AccountField } from "@/components/form/form-account";
import { FormContext } from "@/components/form/form-context";
import { keepForm, restoreForm } from "@/components/form/kept-form";
import { WorkNotice } from "@/components/form/work-notice";
import { workOn } from "@/components/form/work-on-challenge";
import { Callout } from "@/components/ui/callout";
import { cn } from "@/components/ui/cn";
import { linkTo } from "@/components/ui/text-link";
import { prepareToasts, showToast } from "@/components/ui/toast";
import { type FormState, IDLE } from "@/lib/shared/form-state";

export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

/** Asked for twice at most: the first work may have been late, or used up by another tab. */
const WORKS_MAX = 2;

async function answerTo(ask: () => Promise<FormState>, noAnswer: string): Promise<FormState> {
  try {
    return await ask();
  } catch (error) {
    // A redirect and a refusal travel as errors, and are Next's to handle.
    rethrowNavigation(error);
    return { status: "error", message: noAnswer };
  }
}

/**
 * The one form pattern. With script it submits in place, keeps everything that
 * was typed when the answer is an error, moves the focus to the first field
 * that needs it, and says success in a toast. Without script the browser posts
 * to the same server action and the page comes back with the same messages.
 */
export function ActionForm({
  action,
  onSuccess,
  className,
  children,
  ...props
}: {
  action: FormAction;
  onSuccess?: () => void;
  className?: string;
  children: ReactNode;
  id?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
}) {
  // What a browser without script posts; with script it gives the first state alone.
  const t = useTranslations("common.form");
  const [posted, post] = useActionState(action, IDLE);
  const [state, setState] = useState(posted);
  const [pending, startSubmission] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);

  /** How far the browser's work is, while it works. */
  const [work, setWork] = useState<number | null>(null);

  const [restored, setRestored] = useState(false);
  useEffect(() => {
    if (form.current && restoreForm(form.current)) setRestored(true);
  }, []);

  useEffect(() => {
    if (state.status === "error") {
      const invalid = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      (invalid ?? summary.current)?.focus();
    }
    // The page was rendered anew with the answer: fields go back to what is now stored.
    if (state.status === "success") form.current?.reset();
  }, [state]);

  // React empties a form after its action, even one that failed, and a lost
  // connection would replace the whole page. Calling the action ourselves avoids
  // both; the form's own action serves browsers without script.
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const submitter =
      event.nativeEvent instanceof window.SubmitEvent ? event.nativeEvent.submitter : null;
    const entries = new FormData(event.currentTarget, submitter);
    prepareToasts();
    startSubmission(async () => {
      const noAnswer = t("noAnswer");
      let answer = await answerTo(() => action(state, entries), noAnswer);
      for (let works = 0; answer.status === "challenge" && works < WORKS_MAX; works += 1) {
        setWork(0);
        const proof = await workOn(answer.challenge, setWork);
        if (proof === null) break;
        entries.set("proof", proof);
        answer = await answerTo(() => action(state, entries), noAnswer);
      }
      setWork(null);
      // Not in an effect: an answer that takes a row off the page takes this form
      // along, and with it the message that it is gone and the way to undo that.
      if (answer.status === "step-up") {
        if (form.current) keepForm(form.current, answer.values);
        window.location.assign(answer.href);
        return;
      }
      if (answer.status === "success") {
        showToast(answer.message, { undo: answer.undo });
        onSuccess?.();
      }
      startTransition(() => setState(answer));
    });
  };

  const context = useMemo(() => ({ state, pending }), [state, pending]);
  return (
    <FormContext value={context}>
      <form
        {...props}
        ref={form}
        action={post}
        onSubmit={submit}
        noValidate
        className={cn("flex flex-col gap-5", className)}
      >
        {state.status === "error" && (
          <Callout
            ref={summary}
            tone="danger"
            role="alert"
            tabIndex={-1}
            className="animate-rise outline-offset-0"
          >
            <p>{state.message ?? t("checkFields")}</p>
          </Callout>
        )}
        {work !== null && <WorkNotice done={work} />}
        {state.status === "challenge" && work === null && (
          <Callout tone="warning" role="alert" title={t("calculationFirst")}>
            <p>{state.message}</p>
          </Callout>
        )}
        {state.status === "step-up" && (
          <Callout tone="warning" role="alert" title={t("confirmFirst")}>
            <p>
              {t.rich("confirmThenSend", {
                ...linkTo(state.href),
              })}
            </p>
          </Callout>
        )}
        {restored && state.status === "idle" && (
          <Callout role="status">
            <p>{t("stillHere")}</p>
          </Callout>
        )}
        {state.status === "success" && (
          <noscript>
            <Callout tone="success" role="status">
              <p>{state.message}</p>
            </Callout>
          </noscript>
        )}
        <AccountField />
        {children}
      </form>
    </FormContext>
  );
}
