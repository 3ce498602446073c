import { cn } from "@/components/ui/cn";

/** A quiet shape in the place of what is still loading. Give it the size of the real thing. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn("block h-4 animate-breathe rounded-sm bg-ink/9", className)}
    />
  );
}

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-1/3"];

/** The shape of a page with a heading and a table, for `loading.tsx`. */
export function PageSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <div className="mb-8 space-y-3">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="w-80 max-w-full" />
      </div>
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <div className="h-11 border-line border-b bg-sunken" />
        {Array.from({ length: rows }, (_, row) => (
          <div
            // The rows are all alike and never move.
            key={row}
            className="flex h-13 items-center gap-6 border-line border-b px-4 last:border-b-0"
          >
            <div className="flex-2">
              <Skeleton className={WIDTHS[row % WIDTHS.length]} />
            </div>
            <div className="flex-1">
              <Skeleton className="w-2/3" />
            </div>
            <div className="hidden flex-1 sm:block">
              <Skeleton className="w-1/2" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
