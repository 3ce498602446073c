import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** What all controls that are typed into or chosen from look like. */
export const CONTROL = cn(
  "w-full min-w-0 rounded-md border border-line-strong bg-surface px-3 text-ink text-sm",
  // Below 16 px Safari on a phone zooms into the field and the page jumps.
  "max-sm:text-base",
  "transition-colors duration-150 hover:border-ink-faint",
  "focus-visible:border-accent focus-visible:outline-offset-0",
  "aria-invalid:border-danger aria-invalid:focus-visible:outline-danger",
  "disabled:bg-sunken disabled:text-ink-faint [&[readonly]]:bg-sunken",
);

export function Input({ className, ...props }: ComponentProps<"input">) {
  return (
    <input
      {...props}
      className={cn(
        CONTROL,
        "h-10",
        props.type === "file" &&
          "py-1.5 file:me-3 file:rounded-sm file:bg-sunken file:px-2.5 file:py-0.5",
        className,
      )}
    />
  );
}
