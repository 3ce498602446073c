import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/**
 * The few signs that client components of every page show. They are drawn here because the library
 * of all others brings more to the browser than these pages say.
 */
const SIGNS = {
  info: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 7.5v3.75M8 4.75v.25",
  success: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM5.25 8.25l2 2 3.5-4",
  warning: "M8 2 15 14H1L8 2ZM8 6.5v3.25M8 11.75V12",
  danger: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 4.75V8.5M8 11v.25",
  system: "M1.75 2.5h12.5v8.75H1.75V2.5ZM8 11.25V14M5 14h6",
  light:
    "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v1.25M8 13.75V15M1 8h1.25M13.75 8H15M3 3l.9.9M12.1 12.1l.9.9M3 13l.9-.9M12.1 3.9 13 3",
  dark: "M13.75 9.5A6 6 0 1 1 6.5 2.25a4.75 4.75 0 0 0 7.25 7.25Z",
  down: "m4 6 4 4 4-4",
  search: "M7 2.25a4.75 4.75 0 1 1 0 9.5 4.75 4.75 0 0 1 0-9.5ZM13.75 13.75l-3.4-3.4",
} as const;

export type SignName = keyof typeof SIGNS;

/** A sign beside words, which say the same. */
export function Sign({
  name,
  className,
  ...props
}: Omit<ComponentProps<"svg">, "name"> & { name: SignName }) {
  return (
    <svg
      {...props}
      aria-hidden="true"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.35"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cn("size-4", className)}
    >
      <path d={SIGNS[name]} />
    </svg>
  );
}
