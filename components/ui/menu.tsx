"use client";

import { Ellipsis } from "lucide-react";
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { type ButtonSize, type ButtonVariant, buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { nextItem, placeBelow } from "@/components/ui/menu-behaviour";

type MenuProps = {
  /** Names the button for people who hear it, for example "Actions for Ada Lovelace". */
  label: string;
  trigger?: ReactNode;
  variant?: ButtonVariant;
  size?: ButtonSize;
  align?: "start" | "end";
  children: ReactNode;
};

const itemsOf = (menu: HTMLElement | null): HTMLElement[] =>
  Array.from(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? []);

/**
 * A button that opens a list of actions. Without `trigger` it shows three dots.
 * The list is a popover of the browser itself: it lies above everything, closes
 * on escape and on a press elsewhere, gives the focus back, and opens before
 * any script has loaded. Script adds its place and the arrow keys.
 */
export function Menu({
  label,
  trigger,
  variant = "ghost",
  size = trigger ? "md" : "icon-sm",
  align = "end",
  children,
}: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (!open) return;
    const place = () => placeBelow(menu.current, button.current, align);
    place();
    itemsOf(menu.current)[0]?.focus({ preventScroll: true });
    window.addEventListener("scroll", place, { capture: true, passive: true });
    window.addEventListener("resize", place);
    return () => {
      window.removeEventListener("scroll", place, { capture: true });
      window.removeEventListener("resize", place);
    };
  }, [open, align]);

  const move = (event: KeyboardEvent) => {
    if (event.key === "Tab") {
      menu.current?.hidePopover();
      return;
    }
    const items = itemsOf(menu.current);
    const next = nextItem(
      items.map((item) => item.textContent),
      items.findIndex((item) => item === document.activeElement),
      event.key,
    );
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  };

  const closeAfterChoice = (event: MouseEvent) => {
    if ((event.target as Element).closest('[role="menuitem"]')) menu.current?.hidePopover();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        className={buttonClass(variant, size, open ? "bg-ink/6" : undefined)}
      >
        {trigger ?? <Ellipsis aria-hidden="true" />}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === "open")}
        onKeyDown={move}
        onClick={closeAfterChoice}
        className={cn(
          "fixed m-auto w-max min-w-48 max-w-xs whitespace-normal rounded-md border border-line bg-raised",
          "p-1 text-left shadow-raised outline-none open:animate-rise",
        )}
      >
        {children}
      </div>
    </>
  );
}

export function MenuSeparator() {
  return <hr className="-mx-1 my-1 border-line" />;
}
