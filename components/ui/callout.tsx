import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Sign } from "@/components/ui/sign";

export type CalloutTone = "info" | "success" | "warning" | "danger";

const TONES = {
  info: { box: "border-info-line bg-info-wash", mark: "text-info" },
  success: { box: "border-success-line bg-success-wash", mark: "text-success" },
  warning: {
    box: "border-warning-line bg-warning-wash",
    mark: "text-warning",
  },
  danger: { box: "border-danger-line bg-danger-wash", mark: "text-danger" },
} as const;

/** A message in the page. Give `role="alert"` or `role="status"` when it appears after loading. */
export function Callout({
  tone = "info",
  title,
  action,
  className,
  children,
  ...props
}: Omit<ComponentProps<"div">, "title"> & {
  tone?: CalloutTone;
  title?: ReactNode;
  action?: ReactNode;
}) {
  const { box, mark } = TONES[tone];
  return (
    <div
      {...props}
      className={cn("flex gap-3 rounded-md border px-4 py-3 text-ink text-sm", box, className)}
    >
      <Sign name={tone} className={cn("mt-0.5 shrink-0", mark)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={cn("[p+p]:mt-2", title && "text-ink-soft")}>{children}</div>}
        {action && <div className="pt-1">{action}</div>}
      </div>
    </div>
  );
}
