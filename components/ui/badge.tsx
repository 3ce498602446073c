import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type Tone = "neutral" | "accent" | "info" | "success" | "warning" | "danger";

const TONES: Record<Tone, string> = {
  neutral: "border-line bg-sunken text-ink-soft",
  accent: "border-accent-line bg-accent-wash text-accent",
  info: "border-info-line bg-info-wash text-info",
  success: "border-success-line bg-success-wash text-success",
  warning: "border-warning-line bg-warning-wash text-warning",
  danger: "border-danger-line bg-danger-wash text-danger",
};

/** A state or a kind, in one or two words. `dot` marks states; kinds go without. */
export function Badge({
  tone = "neutral",
  dot = false,
  className,
  children,
}: {
  tone?: Tone;
  dot?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-[1.375rem] max-w-full items-center gap-1.5 whitespace-nowrap rounded-sm",
        "border px-1.5 font-medium text-xs",
        TONES[tone],
        className,
      )}
    >
      {dot && <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-current" />}
      <span className="truncate">{children}</span>
    </span>
  );
}
