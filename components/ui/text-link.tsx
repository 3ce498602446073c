import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Link, type LinkProps } from "@/components/ui/link";

/** A link within text: underlined, because colour alone does not tell everyone. */
export function TextLink({ className, ...props }: LinkProps) {
  return (
    <Link
      {...props}
      className={cn(
        "rounded-sm font-medium text-accent underline decoration-accent-line decoration-1",
        "underline-offset-[3px] transition-colors hover:text-accent-strong hover:decoration-accent",
        className,
      )}
    />
  );
}

/** For sentences of the catalogue, where a link stands in `<link>`. */
export const linkTo = (href: string) => ({
  link: (words: ReactNode) => <TextLink href={href}>{words}</TextLink>,
});
