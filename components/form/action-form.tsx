"use client";

import {
  type ReactNode,
  type SubmitEvent,
  startTransition,
  useActionState,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
} from "react";
import { FormContext } from "@/components/form/form-context";
import { Callout } from "@/components/ui/callout";
import { cn } from "@/components/ui/cn";
import { useShowToast } from "@/components/ui/toast";
import { type FormState, IDLE } from "@/lib/shared/form-state";

export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

const CHECK_FIELDS = "Some fields need another look.";

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
  const [state, dispatch, pending] = useActionState(action, IDLE);
  const showToast = useShowToast();
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const afterSuccess = useEffectEvent(() => onSuccess?.());

  useEffect(() => {
    if (state.status === "error") {
      const invalid = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      (invalid ?? summary.current)?.focus();
    }
    if (state.status === "success") {
      // The page was rendered anew with the answer: fields go back to what is now stored.
      form.current?.reset();
      showToast(state.message, { undo: state.undo });
      afterSuccess();
    }
  }, [state, showToast]);

  // React empties a form after its action, even one that failed. Calling the
  // action ourselves leaves the fields alone; the attribute serves the rest.
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const submitter =
      event.nativeEvent instanceof window.SubmitEvent ? event.nativeEvent.submitter : null;
    const entries = new FormData(event.currentTarget, submitter);
    startTransition(() => dispatch(entries));
  };

  const context = useMemo(() => ({ state, pending }), [state, pending]);
  return (
    <FormContext value={context}>
      <form
        {...props}
        ref={form}
        action={dispatch}
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
            <p>{state.message ?? CHECK_FIELDS}</p>
          </Callout>
        )}
        {state.status === "success" && (
          <noscript>
            <Callout tone="success" role="status">
              <p>{state.message}</p>
            </Callout>
          </noscript>
        )}
        {children}
      </form>
    </FormContext>
  );
}
