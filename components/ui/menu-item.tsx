"use client";

import { type ReactNode, type SubmitEvent, useTransition } from "react";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { useShowToast } from "@/components/ui/toast";
import type { FormState } from "@/lib/shared/form-state";

const itemClass = (danger = false): string =>
  cn(
    "flex h-9 w-full items-center gap-2.5 rounded-sm px-2.5 text-left font-normal text-sm",
    "outline-none [&_svg]:size-4",
    danger
      ? "text-danger hover:bg-danger-wash focus:bg-danger-wash"
      : "text-ink hover:bg-sunken focus:bg-sunken [&_svg]:text-ink-faint",
  );

export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} role="menuitem" tabIndex={-1} className={itemClass()}>
      {children}
    </Link>
  );
}

/**
 * An item that does something at once: a server action bound to what it acts
 * on. What it answers is shown as a toast. Without script it is a form like any
 * other, and the page comes back.
 */
export function MenuAction({
  action,
  danger,
  children,
}: {
  /** An action that redirects answers nothing. */
  action: () => Promise<FormState | void>;
  danger?: boolean;
  children: ReactNode;
}) {
  const [pending, startTransition] = useTransition();
  const showToast = useShowToast();

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    startTransition(async () => {
      const answer = await action();
      if (answer?.status === "success") showToast(answer.message, { undo: answer.undo });
      if (answer?.status === "error" && answer.message) {
        showToast(answer.message, { tone: "danger" });
      }
    });
  };

  return (
    // The form itself has no use for the answer; the page that follows shows the outcome.
    <form action={action as unknown as () => Promise<void>} onSubmit={submit}>
      <button type="submit" role="menuitem" tabIndex={-1} className={itemClass(danger)}>
        {children}
      </button>
    </form>
  );
}
