import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type CalloutTone = "info" | "success" | "warning" | "danger";

const TONES = {
  info: { icon: Info, box: "border-info-line bg-info-wash", mark: "text-info" },
  success: { icon: CircleCheck, box: "border-success-line bg-success-wash", mark: "text-success" },
  warning: {
    icon: TriangleAlert,
    box: "border-warning-line bg-warning-wash",
    mark: "text-warning",
  },
  danger: { icon: CircleAlert, box: "border-danger-line bg-danger-wash", mark: "text-danger" },
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
  const { icon: Icon, box, mark } = TONES[tone];
  return (
    <div
      {...props}
      className={cn("flex gap-3 rounded-md border px-4 py-3 text-ink text-sm", box, className)}
    >
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", mark)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={cn("[p+p]:mt-2", title && "text-ink-soft")}>{children}</div>}
        {action && <div className="pt-1">{action}</div>}
      </div>
    </div>
  );
}
