import { cn } from "@/components/ui/cn";

/** The mark alone: a gate, its door standing ajar. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className={cn("size-6 shrink-0", className)}>
      <path
        fill="var(--color-accent)"
        fillRule="evenodd"
        d="M3 21V11a9 9 0 0 1 18 0v10h-4.25V11a4.75 4.75 0 0 0-9.5 0v10H3Z"
      />
      <path fill="var(--color-accent)" opacity="0.45" d="M9 21V11.6l4.25-2.35V21H9Z" />
      <path fill="var(--color-ink)" d="M1.5 22h21v1.25h-21z" />
    </svg>
  );
}

export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2.5", className)}>
      <Mark />
      <span className="font-semibold text-[1.0625rem] text-ink tracking-tight">Gatehouse</span>
    </span>
  );
}
