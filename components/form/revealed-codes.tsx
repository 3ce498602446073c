"use client";

import { Download, Printer } from "lucide-react";
import { useTranslations } from "#translations";
import { useRevealed } from "@/components/form/form-context";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { CopyButton } from "@/components/ui/copy-button";

/** Codes that the form's answer carries: to read, copy, save or print, and never again. */
export function RevealedCodes({ fileName, heading }: { fileName: string; heading: string }) {
  const t = useTranslations("common.revealed");
  const codes = useRevealed();
  if (codes.length === 0) return null;
  const text = `${heading}\n\n${codes.join("\n")}\n`;
  return (
    <Callout tone="warning" role="status" title={t("keepNow")}>
      <ol className="figures my-3 grid gap-x-6 gap-y-1 font-mono text-ink text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2 no-script:hidden print:hidden">
        <CopyButton value={text} label={t("copyAll")} />
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download={fileName}
          className={buttonClass("secondary", "sm")}
        >
          <Download aria-hidden="true" />
          {t("download")}
        </a>
        <button
          type="button"
          onClick={() => window.print()}
          className={buttonClass("secondary", "sm")}
        >
          <Printer aria-hidden="true" />
          {t("print")}
        </button>
      </div>
    </Callout>
  );
}
