import type { ComponentProps, ReactNode } from "react";
import { type ButtonSize, type ButtonVariant, buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { Link, type LinkProps } from "@/components/ui/link";
import { Spinner } from "@/components/ui/spinner";

type Look = { variant?: ButtonVariant; size?: ButtonSize };

/**
 * A button. While `pending` it keeps its width, its focus and its place in the
 * tab order; only a second press does nothing, because a disabled button would
 * drop the focus of whoever just pressed it.
 */
export function Button({
  variant,
  size,
  pending = false,
  type = "button",
  className,
  children,
  ...props
}: ComponentProps<"button"> & Look & { pending?: boolean }) {
  return (
    <button
      {...props}
      type={type}
      aria-busy={pending || undefined}
      aria-disabled={pending || props["aria-disabled"] || undefined}
      className={buttonClass(variant, size, className)}
    >
      <PendingContent pending={pending}>{children}</PendingContent>
    </button>
  );
}

function PendingContent({ pending, children }: { pending: boolean; children: ReactNode }) {
  return (
    <>
      <span
        className={cn(
          "inline-flex items-center justify-center gap-[inherit]",
          pending && "opacity-0",
        )}
      >
        {children}
      </span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </>
  );
}

/** A link that looks like a button, for what leads somewhere and changes nothing. */
export function ButtonLink({ variant, size, className, ...props }: LinkProps & Look) {
  return <Link {...props} className={buttonClass(variant, size, className)} />;
}
