import type { ReactNode } from "react";

/** The first heading of a page, what it is for, and what can be done on all of it. */
export function PageHeader({
  title,
  description,
  actions,
  aside,
  above,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Stands beside the title, for example a badge with the state of the thing shown. */
  aside?: ReactNode;
  /** Stands over the title, for example a breadcrumb. */
  above?: ReactNode;
}) {
  return (
    <header className="mb-8 space-y-3">
      {above}
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="min-w-0 max-w-2xl space-y-1.5">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1 className="min-w-0 font-semibold text-2xl text-ink tracking-tight [overflow-wrap:anywhere]">
              {title}
            </h1>
            {aside}
          </div>
          {description && <p className="text-ink-soft text-pretty">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
