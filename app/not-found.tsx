import type { Metadata } from "next";
import { BarePage } from "@/components/layout/bare-page";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <BarePage>
      <ErrorState
        level={1}
        title="Page not found"
        description="Nothing lives at this address. It may have been removed, or the link may be mistyped."
        action={
          <ButtonLink href="/" variant="primary">
            Go to the start page
          </ButtonLink>
        }
      />
    </BarePage>
  );
}
