import type { ReactNode } from "react";
import { Callout } from "@/components/ui/callout";

/** Around what a form's answer carries and nothing keeps. */
export function ShownOnce({ what = "it", children }: { what?: string; children: ReactNode }) {
  return (
    <Callout tone="warning" role="status" title={`Copy ${what} now: it is not shown again`}>
      {children}
    </Callout>
  );
}
