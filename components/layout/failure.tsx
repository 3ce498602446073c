"use client";

import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";

export type FailureProps = { error: Error & { digest?: string }; retry: () => void };

/** What a page says when it broke. The reference finds the entry in the server's log. */
export function Failure({ error, retry }: FailureProps) {
  return (
    <ErrorState
      level={1}
      title="Something went wrong"
      description={
        error.digest
          ? "The page could not be shown. Try again. If it keeps happening, give your administrator the reference."
          : "The page could not be shown. Try again."
      }
      reference={error.digest}
      action={
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      }
    />
  );
}
