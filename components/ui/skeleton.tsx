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
