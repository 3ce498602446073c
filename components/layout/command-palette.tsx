"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "#translations";
import { useScripted } from "@/components/form/use-scripted";
import type { Offered } from "@/components/layout/hit-groups";
import { PaletteSearch } from "@/components/layout/palette-search";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

const LOOK = cn(
  "flex h-9 w-full items-center gap-3 rounded-md border border-line bg-surface px-3 text-ink-soft text-sm",
  "transition-colors hover:border-line-strong hover:text-ink",
);

const isShortcut = (event: KeyboardEvent): boolean =>
  (event.metaKey || event.ctrlKey) &&
  !event.altKey &&
  !event.shiftKey &&
  event.key.toLowerCase() === "k";

/** A drawer is above every dialog while it is open. */
function closeDrawers(): void {
  for (const drawer of document.querySelectorAll<HTMLElement>(":popover-open")) {
    drawer.hidePopover();
  }
}

/**
 * The way to everything by name: a button, Ctrl K or ⌘ K open it. Without script it
 * leads to a page that finds the same.
 */
export function CommandPalette({ offered, href }: { offered: Offered; href: string }) {
  const t = useTranslations("palette");
  const scripted = useScripted();
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!isShortcut(event)) return;
      event.preventDefault();
      closeDrawers();
      setOpen(true);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);

  if (!scripted) {
    return (
      <Link href={href} className={LOOK}>
        <Search aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        {t("search")}
      </Link>
    );
  }
  const keys = navigator.platform.startsWith("Mac") ? "⌘ K" : t("keys");
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        className={LOOK}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => closeDrawers()}
      >
        <Search aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        {t("search")}
        <kbd aria-hidden="true" className="ms-auto text-ink-faint text-xs">
          {keys}
        </kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-60 bg-veil transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          className={cn(
            "fixed inset-x-3 top-3 z-60 flex max-h-[calc(100dvh-1.5rem)] flex-col overflow-hidden",
            "sm:inset-x-0 sm:top-[12vh] sm:mx-auto sm:max-h-[70vh] sm:w-[36rem]",
            "rounded-xl border border-line bg-raised shadow-raised outline-none",
            "transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0",
          )}
        >
          <Dialog.Title className="sr-only">{t("search")}</Dialog.Title>
          <PaletteSearch offered={offered} onChosen={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
