import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

export type StatProps = { label: ReactNode; value: ReactNode; note?: ReactNode; href?: string };

/** One figure. Inside a `StatGroup`. */
export function Stat({ label, value, note, href }: StatProps) {
  return (
    <div className={cn("relative bg-surface px-5 py-4", href && "hover:bg-sunken")}>
      <dt className="text-ink-soft text-sm">
        {href ? (
          <Link href={href} className="rounded-sm after:absolute after:inset-0">
            {label}
          </Link>
        ) : (
          label
        )}
      </dt>
      <dd className="figures mt-1 font-medium text-2xl text-ink tracking-tight">{value}</dd>
      {note && <dd className="mt-0.5 text-ink-faint text-sm">{note}</dd>}
    </div>
  );
}

/** Figures side by side, parted by hairlines. */
export function StatGroup({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl
      className={cn(
        "grid gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card",
        "grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))]",
        className,
      )}
    >
      {children}
    </dl>
  );
}
