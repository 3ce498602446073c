import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { Callout } from "@/components/ui/callout";

/** Around what a form's answer carries and nothing keeps. */
export function ShownOnce({ what, children }: { what?: string; children: ReactNode }) {
  const t = useTranslations("common.revealed");
  return (
    <Callout tone="warning" role="status" title={t("copyNow", { what: what ?? t("it") })}>
      {children}
    </Callout>
  );
}
