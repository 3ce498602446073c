import { cn } from "@/components/ui/cn";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md" | "icon" | "icon-sm";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border-line-strong/60 bg-surface text-ink hover:border-line-strong hover:bg-sunken",
  ghost: "border-transparent text-ink-soft hover:bg-ink/6 hover:text-ink",
  danger: "border-danger-line bg-surface text-danger hover:border-danger hover:bg-danger-wash",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "h-8 gap-1.5 px-3 text-[0.8125rem]",
  md: "h-10 gap-2 px-4 text-sm",
  icon: "size-10",
  "icon-sm": "size-8",
};

/** The look of a button, for elements that are something else: a link, a summary, a trigger. */
export const buttonClass = (
  variant: ButtonVariant = "secondary",
  size: ButtonSize = "md",
  className?: string,
): string =>
  cn(
    "relative inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap",
    "rounded-md border font-medium transition-colors duration-150",
    "not-aria-busy:aria-disabled:opacity-60 disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
    VARIANTS[variant],
    SIZES[size],
    className,
  );
