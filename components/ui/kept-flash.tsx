"use client";

import { type ReactNode, useState } from "react";
import { SpentFlash } from "@/components/ui/spent-flash";

/**
 * A notice that came by a cookie, which is dropped so that a reload is silent. It
 * stays as long as its page does, also when that is drawn once more without it.
 */
export function KeptFlash({ cookie, children }: { cookie: string; children: ReactNode }) {
  const [kept, setKept] = useState(children);
  if (children && children !== kept) setKept(children);
  return kept ? (
    <>
      <SpentFlash cookie={cookie} />
      {kept}
    </>
  ) : null;
}
