"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useState } from "react";
import { useTranslations } from "#translations";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { Fold } from "@/components/form/fold";
import { SubmitButton } from "@/components/form/submit-button";
import { useScripted } from "@/components/form/use-scripted";
import { type ButtonSize, type ButtonVariant, buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";

type Confirmation = {
  /** What the button says that asks for it. Pass `triggerLabel` too when this is only an icon. */
  trigger: ReactNode;
  triggerLabel?: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  title: string;
  description: ReactNode;
  /** What the button says that does it: the verb, not "OK". */
  confirmLabel: string;
  tone?: "primary" | "danger";
  action: FormAction;
  /** Hidden fields that go with it. */
  fields?: Record<string, string>;
  /** More fields to fill in, for example a reason. */
  children?: ReactNode;
};

const danger =
  "border-transparent bg-danger-fill text-on-danger hover:bg-danger-fill-strong hover:border-transparent";

type Question = Pick<Confirmation, "fields" | "children" | "confirmLabel" | "tone">;

/** What is asked besides, and the buttons that answer. */
function Answer({
  fields,
  children,
  confirmLabel,
  tone = "danger",
  cancel,
}: Question & { cancel?: ReactNode }) {
  return (
    <>
      {Object.entries(fields ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        {cancel}
        <SubmitButton
          variant={tone === "danger" ? "danger" : "primary"}
          className={tone === "danger" ? danger : undefined}
        >
          {confirmLabel}
        </SubmitButton>
      </div>
    </>
  );
}

/**
 * Asks before something that is hard to take back. With script a dialog that
 * starts on Cancel; without, the same question unfolds in the page.
 */
export function ConfirmDialog({
  trigger,
  triggerLabel,
  variant = "danger",
  size = "sm",
  title,
  description,
  action,
  ...question
}: Confirmation) {
  const t = useTranslations("common.form");
  const scripted = useScripted();
  const [open, setOpen] = useState(false);
  const look = buttonClass(variant, size);

  if (!scripted) {
    return (
      // The form is around the fold, so that what the server answers is never folded away.
      <ActionForm action={action} className="gap-2">
        <Fold>
          <summary aria-label={triggerLabel} className={cn(look, "list-none")}>
            {trigger}
          </summary>
          <div className="mt-2 max-w-md space-y-5 whitespace-normal rounded-lg border border-line bg-raised p-5 text-start">
            <div>
              <p className="font-semibold text-ink">{title}</p>
              <div className="mt-1 font-normal text-ink-soft text-sm">{description}</div>
            </div>
            <Answer {...question} />
          </div>
        </Fold>
      </ActionForm>
    );
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger aria-label={triggerLabel} className={look}>
        {trigger}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-60 bg-veil transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <AlertDialog.Popup
          className={cn(
            "fixed inset-x-4 bottom-4 z-60 max-h-[calc(100dvh-2rem)] overflow-y-auto",
            "sm:inset-x-0 sm:top-[18vh] sm:bottom-auto sm:mx-auto sm:w-[27rem]",
            "rounded-xl border border-line bg-raised p-6 shadow-raised outline-none",
            "transition-[opacity,scale] duration-200 ease-calm",
            "data-starting-style:scale-98 data-starting-style:opacity-0 data-ending-style:opacity-0",
          )}
        >
          <AlertDialog.Title className="text-balance font-semibold text-ink text-lg tracking-tight">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description
            render={<div />}
            className="mt-1.5 text-pretty text-ink-soft text-sm"
          >
            {description}
          </AlertDialog.Description>
          <ActionForm action={action} onSuccess={() => setOpen(false)} className="mt-5">
            <Answer
              {...question}
              cancel={
                <AlertDialog.Close className={buttonClass("secondary")}>
                  {t("cancel")}
                </AlertDialog.Close>
              }
            />
          </ActionForm>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
