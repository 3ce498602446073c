import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** Things one below the other, for what reads badly as a table: sessions, devices, apps. */
export function ItemList({ className, children }: { className?: string; children: ReactNode }) {
  return <ul className={cn("divide-y divide-line", className)}>{children}</ul>;
}

export function Item({
  id,
  leading,
  title,
  aside,
  children,
  actions,
}: {
  /** For links to it. */
  id?: string;
  /** An icon or an avatar. */
  leading?: ReactNode;
  title: ReactNode;
  /** Stands beside the title, for example a badge. */
  aside?: ReactNode;
  /** One or two lines about the thing. */
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <li
      id={id}
      className="flex scroll-mt-24 flex-wrap items-center gap-x-4 gap-y-3 px-5 py-4 sm:flex-nowrap sm:px-6"
    >
      {leading && (
        <span className="grid size-9 shrink-0 place-items-center self-start text-ink-faint [&>svg]:size-5">
          {leading}
        </span>
      )}
      <div className="min-w-0 flex-1 basis-52">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium text-ink text-sm">
          <span className="[overflow-wrap:anywhere]">{title}</span>
          {aside}
        </div>
        {children && <div className="figures mt-0.5 text-ink-soft text-sm">{children}</div>}
      </div>
      {actions && (
        // Where they stand below, they begin where the words above them begin.
        <div className={cn("flex shrink-0 items-center gap-2", leading && "max-sm:ms-13")}>
          {actions}
        </div>
      )}
    </li>
  );
}
