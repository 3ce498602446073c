"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Ellipsis } from "lucide-react";
import { type ReactNode, useTransition } from "react";
import { type ButtonSize, type ButtonVariant, buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

const itemClass = (danger = false): string =>
  cn(
    "flex h-9 w-full items-center gap-2.5 rounded-sm px-2.5 text-sm outline-none [&_svg]:size-4",
    danger
      ? "text-danger data-highlighted:bg-danger-wash"
      : "text-ink data-highlighted:bg-sunken [&_svg]:text-ink-faint",
  );

/**
 * A button that opens a list of actions. Without `trigger` it shows three dots.
 * It needs script: whatever must work without stands on the page itself as well.
 */
export function Menu({
  label,
  trigger,
  variant = "ghost",
  size,
  align = "end",
  children,
}: {
  /** Names the button for people who hear it, for example "Actions for Ada Lovelace". */
  label: string;
  trigger?: ReactNode;
  variant?: ButtonVariant;
  size?: ButtonSize;
  align?: "start" | "end";
  children: ReactNode;
}) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger
        aria-label={label}
        className={buttonClass(variant, size ?? (trigger ? "md" : "icon-sm"))}
      >
        {trigger ?? <Ellipsis aria-hidden="true" />}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={6} className="z-40 outline-none">
          <BaseMenu.Popup
            className={cn(
              "min-w-48 max-w-xs rounded-md border border-line bg-raised p-1 shadow-raised",
              "outline-none transition-[opacity,translate] duration-150 ease-calm",
              "data-starting-style:-translate-y-1 data-starting-style:opacity-0",
              "data-ending-style:opacity-0",
            )}
          >
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <BaseMenu.LinkItem closeOnClick className={itemClass()} render={<Link href={href} />}>
      {children}
    </BaseMenu.LinkItem>
  );
}

/** Runs a server action bound to what it acts on, or any function of the page. */
export function MenuAction({
  action,
  danger,
  children,
}: {
  action: () => void | Promise<void>;
  danger?: boolean;
  children: ReactNode;
}) {
  const [pending, startTransition] = useTransition();
  return (
    <BaseMenu.Item
      className={itemClass(danger)}
      disabled={pending}
      onClick={() => startTransition(() => action())}
    >
      {children}
    </BaseMenu.Item>
  );
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2.5 pt-1.5 pb-1 text-ink-faint text-xs">{children}</div>;
}
