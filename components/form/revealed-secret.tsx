"use client";

import type { ReactNode } from "react";
import { useRevealed } from "@/components/form/form-context";
import { ShownOnce } from "@/components/form/shown-once";
import { CodeBlock } from "@/components/ui/code";

/** A secret that the form's answer carries: to copy now, and never again. */
export function RevealedSecret({ label, children }: { label: string; children?: ReactNode }) {
  const [secret] = useRevealed();
  if (secret === undefined) return null;
  return (
    <ShownOnce>
      <div className="mt-3">
        <CodeBlock code={secret} label={label} />
      </div>
      {children}
    </ShownOnce>
  );
}
