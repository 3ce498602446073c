import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { Sign } from "@/components/ui/sign";
import { CONTROL, Input } from "@/components/ui/text-input";

// In a file of its own, since most pages of the way in have no other control to load.
export { Input } from "@/components/ui/text-input";

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea {...props} className={cn(CONTROL, "min-h-24 py-2", className)} />;
}

export type SelectOption = { value: string; label: string; disabled?: boolean };

/** The browser's own select, so that phones show their own wheel and forms work without script. */
export function Select({
  options,
  className,
  children,
  ...props
}: ComponentProps<"select"> & { options?: readonly SelectOption[] }) {
  return (
    <span className="relative block min-w-0">
      <select
        {...props}
        className={cn(CONTROL, "h-10 appearance-none truncate bg-surface pe-9", className)}
      >
        {options?.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
        {children}
      </select>
      <Sign name="down" className="pointer-events-none absolute top-3 end-3 text-ink-faint" />
    </span>
  );
}

export function Checkbox({ className, ...props }: ComponentProps<"input">) {
  return (
    <span className={cn("relative inline-grid size-5 shrink-0 place-items-center", className)}>
      <input
        {...props}
        type="checkbox"
        className={cn(
          "peer size-[1.125rem] appearance-none rounded-sm border border-line-strong bg-surface",
          "transition-colors duration-150 hover:border-ink-faint",
          "checked:border-accent checked:bg-accent indeterminate:border-accent",
          "aria-invalid:border-danger disabled:cursor-not-allowed disabled:opacity-55",
        )}
      />
      <svg
        aria-hidden="true"
        viewBox="0 0 12 12"
        className="pointer-events-none absolute hidden size-3 text-on-accent peer-checked:block"
      >
        <path
          d="m2.5 6.4 2.4 2.4 4.6-5.3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.75"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </span>
  );
}

/** A search box. It needs a name in words: a visible label, or `aria-label`. */
export function SearchInput({ className, ...props }: ComponentProps<"input">) {
  return (
    <span className={cn("relative block min-w-0", className)}>
      <Sign name="search" className="pointer-events-none absolute top-3 start-3 text-ink-faint" />
      <Input type="search" autoComplete="off" {...props} className="ps-9" />
    </span>
  );
}
