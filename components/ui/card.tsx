import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** A sheet of paper on the desk: one border, no heavy shadow. */
export function Card({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      {...props}
      className={cn("rounded-lg border border-line bg-surface shadow-card", className)}
    />
  );
}

/** A titled part of a page, its content on a card. `flush` lets a table reach the card's edges. */
export function Section({
  title,
  description,
  actions,
  footer,
  flush = false,
  tone = "neutral",
  id,
  className,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  flush?: boolean;
  tone?: "neutral" | "danger";
  id?: string;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <section
      id={id}
      className={cn(
        "overflow-clip rounded-lg border border-line bg-surface shadow-card",
        tone === "danger" && "border-danger-line",
        className,
      )}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 pt-5 pb-4 sm:px-6">
        <div className="min-w-0 max-w-2xl space-y-1">
          <h2 className="font-semibold text-base text-ink tracking-tight">{title}</h2>
          {description && <p className="text-ink-soft text-sm">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children && (
        <div className={cn(flush ? "border-line border-t" : "px-5 pb-6 sm:px-6")}>{children}</div>
      )}
      {footer && (
        <footer className="flex flex-wrap items-center justify-between gap-3 border-line border-t bg-sunken px-5 py-3 text-ink-soft text-sm sm:px-6">
          {footer}
        </footer>
      )}
    </section>
  );
}
