"use client";

import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { startTransition, useEffect, useMemo, useState } from "react";
import { useTranslations } from "#translations";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import type { ToastWish } from "@/components/ui/toast";
import type { FormState, UndoOffer } from "@/lib/shared/form-state";

const SHOWN_MILLISECONDS = 6_000;
/** Long enough to read, decide and reach the button; hover and focus stop the clock. */
const UNDO_SHOWN_MILLISECONDS = 12_000;
/** Screen readers announce what comes into a live region that they already know. */
const REGION_KNOWN_MILLISECONDS = 100;

type ToastData = { tone: "success" | "danger" };

async function answerOf(undo: UndoOffer): Promise<FormState> {
  try {
    return await undo.action();
  } catch {
    return { status: "error" };
  }
}

function useShow(): (wish: ToastWish) => void {
  const t = useTranslations("common");
  const { add, close } = Toast.useToastManager<ToastData>();
  return useMemo(() => {
    const show = ({ message, tone = "success", undo }: ToastWish) => {
      const takeBack = async (offer: UndoOffer) => {
        close(id);
        const answer = await answerOf(offer);
        if (answer.status === "error")
          show({ message: answer.message ?? t("undone.failed"), tone: "danger" });
        if (answer.status === "success") show({ message: answer.message, undo: answer.undo });
      };
      const id = add({
        title: message,
        data: { tone },
        priority: tone === "danger" ? "high" : "low",
        timeout: undo ? UNDO_SHOWN_MILLISECONDS : SHOWN_MILLISECONDS,
        actionProps: undo && {
          children: undo.label ?? t("undo"),
          onClick: () => startTransition(() => takeBack(undo)),
        },
      });
    };
    return show;
  }, [add, close, t]);
}

function ToastList({ take, waiting }: { take: () => ToastWish[]; waiting: number }) {
  const t = useTranslations("common.toast");
  const { toasts } = Toast.useToastManager<ToastData>();
  const show = useShow();
  const [isKnown, setKnown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setKnown(true), REGION_KNOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (isKnown && waiting > 0) for (const wish of take()) show(wish);
  }, [isKnown, waiting, take, show]);
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
      <Toast.Content className="flex items-center gap-3 py-2.5 pe-2 ps-4">
        <span
          aria-hidden="true"
          className={cn(
            "arch h-3 w-2 shrink-0",
            toast.data?.tone === "danger" ? "bg-danger" : "bg-accent",
          )}
        />
        <Toast.Title render={<p />} className="min-w-0 flex-1 text-ink text-sm" />
        {toast.actionProps && <Toast.Action className={buttonClass("secondary", "sm")} />}
        <Toast.Close aria-label={t("close")} className={buttonClass("ghost", "icon-sm")}>
          <X aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Draws the messages that wait, and takes them over. F6 moves the focus to them. */
export function ToastWindow(props: { take: () => ToastWish[]; waiting: number }) {
  return (
    <Toast.Provider limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed end-4 bottom-4 start-4 z-50 flex flex-col-reverse gap-2 sm:start-auto sm:w-96">
          <ToastList {...props} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
