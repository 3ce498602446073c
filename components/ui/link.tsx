import NextLink from "next/link";
import type { ComponentProps } from "react";
import { LinkStatus } from "@/components/ui/pending-navigation";

export type LinkProps = ComponentProps<typeof NextLink>;

/** Next's link, which also tells the progress bar that it was followed. No look of its own. */
export function Link({ children, ...props }: LinkProps) {
  return (
    <NextLink {...props}>
      {children}
      <LinkStatus />
    </NextLink>
  );
}
