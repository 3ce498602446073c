"use client";

import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { type ReactNode, startTransition, useMemo } from "react";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import type { FormState, UndoOffer } from "@/lib/shared/form-state";

const SHOWN_MILLISECONDS = 6_000;
/** Long enough to read, decide and reach the button; hover and focus stop the clock. */
const UNDO_SHOWN_MILLISECONDS = 12_000;
const UNDO_FAILED = "That could not be undone.";

type ToastData = { tone: "success" | "danger" };
type ShowToast = (
  message: string,
  options?: { tone?: ToastData["tone"]; undo?: UndoOffer },
) => void;

async function answerOf(undo: UndoOffer): Promise<FormState> {
  try {
    return await undo.action();
  } catch {
    return { status: "error" };
  }
}

/** Says that something was done, or was not, with a way back when there is one. */
export function useShowToast(): ShowToast {
  const { add, close } = Toast.useToastManager<ToastData>();
  return useMemo(() => {
    const show: ShowToast = (message, { tone = "success", undo } = {}) => {
      const takeBack = async (offer: UndoOffer) => {
        close(id);
        const answer = await answerOf(offer);
        if (answer.status === "error") show(answer.message ?? UNDO_FAILED, { tone: "danger" });
        if (answer.status === "success") show(answer.message, { undo: answer.undo });
      };
      const id = add({
        title: message,
        data: { tone },
        priority: tone === "danger" ? "high" : "low",
        timeout: undo ? UNDO_SHOWN_MILLISECONDS : SHOWN_MILLISECONDS,
        actionProps: undo && {
          children: undo.label ?? "Undo",
          onClick: () => startTransition(() => takeBack(undo)),
        },
      });
    };
    return show;
  }, [add, close]);
}

function ToastList() {
  const { toasts } = Toast.useToastManager<ToastData>();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "down"]}
      className={cn(
        "rounded-md border border-line bg-raised shadow-raised",
        "translate-x-(--toast-swipe-movement-x) translate-y-(--toast-swipe-movement-y)",
        "transition-[opacity,translate] duration-200 ease-calm",
        "data-starting-style:translate-y-3 data-starting-style:opacity-0",
        "data-ending-style:opacity-0 data-limited:hidden",
      )}
    >
      <Toast.Content className="flex items-center gap-3 py-2.5 pr-2 pl-4">
        <span
          aria-hidden="true"
          className={cn(
            "arch h-3 w-2 shrink-0",
            toast.data?.tone === "danger" ? "bg-danger" : "bg-accent",
          )}
        />
        <Toast.Title render={<p />} className="min-w-0 flex-1 text-ink text-sm" />
        {toast.actionProps && <Toast.Action className={buttonClass("secondary", "sm")} />}
        <Toast.Close aria-label="Dismiss" className={buttonClass("ghost", "icon-sm")}>
          <X aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Holds the messages of the whole window. F6 moves the focus to them. */
export function Toaster({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 left-4 z-50 flex flex-col-reverse gap-2 sm:left-auto sm:w-96">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
