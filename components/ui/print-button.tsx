"use client";

import { Printer } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Prints the page. Without script the browser's own menu does. */
export function PrintButton() {
  return (
    <Button onClick={() => window.print()} className="no-script:hidden print:hidden">
      <Printer aria-hidden="true" />
      Print
    </Button>
  );
}
