"use client";

import { Download, Printer } from "lucide-react";
import { useRevealed } from "@/components/form/form-context";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { CopyButton } from "@/components/ui/copy-button";

/** Codes that the form's answer carries: to read, copy, save or print, and never again. */
export function RevealedCodes({ fileName, heading }: { fileName: string; heading: string }) {
  const codes = useRevealed();
  if (codes.length === 0) return null;
  const text = `${heading}\n\n${codes.join("\n")}\n`;
  return (
    <Callout tone="warning" role="status" title="Keep these now: they are not shown again">
      <ol className="figures my-3 grid gap-x-6 gap-y-1 font-mono text-ink text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2 no-script:hidden print:hidden">
        <CopyButton value={text} label="Copy all codes" />
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download={fileName}
          className={buttonClass("secondary", "sm")}
        >
          <Download aria-hidden="true" />
          Download
        </a>
        <button
          type="button"
          onClick={() => window.print()}
          className={buttonClass("secondary", "sm")}
        >
          <Printer aria-hidden="true" />
          Print
        </button>
      </div>
    </Callout>
  );
}
