import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type Description = { term: ReactNode; value: ReactNode; key?: string };

/** Facts about one thing, term beside value; on a phone, term above value. */
export function DescriptionList({
  items,
  className,
}: {
  items: readonly Description[];
  className?: string;
}) {
  return (
    <dl className={cn("divide-y divide-line text-sm", className)}>
      {items.map((item, index) => (
        <div
          key={item.key ?? index}
          className="grid gap-x-6 gap-y-1 py-3 first:pt-0 last:pb-0 sm:grid-cols-[11rem_1fr]"
        >
          <dt className="text-ink-faint">{item.term}</dt>
          <dd className="figures min-w-0 text-ink [overflow-wrap:anywhere]">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
