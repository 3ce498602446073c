"use client";

import { Printer } from "lucide-react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button";

/** Prints the page. Without script the browser's own menu does. */
export function PrintButton() {
  const t = useTranslations("common");
  return (
    <Button onClick={() => window.print()} className="no-script:hidden print:hidden">
      <Printer aria-hidden="true" />
      {t("print")}
    </Button>
  );
}
