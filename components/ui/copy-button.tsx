"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "#translations";
import { buttonClass } from "@/components/ui/button-class";

const SHOWN_MILLISECONDS = 2_000;

/** Copies a text. Absent without script, where it could do nothing. */
export function CopyButton({
  value,
  label: given,
  className,
}: {
  value: string;
  label?: string;
  className?: string;
}) {
  const t = useTranslations("common.copy");
  const label = given ?? t("copy");
  const [result, setResult] = useState<"none" | "copied" | "refused">("none");

  useEffect(() => {
    if (result === "none") return;
    const timer = setTimeout(() => setResult("none"), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [result]);

  // The clipboard is missing on plain http and may be forbidden; the text can still be selected.
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setResult("copied");
    } catch {
      setResult("refused");
    }
  };

  return (
    <>
      <button
        type="button"
        onClick={() => void copy()}
        aria-label={label}
        title={label}
        className={buttonClass("ghost", "icon-sm", `no-script:hidden ${className ?? ""}`)}
      >
        {result === "copied" ? (
          <Check aria-hidden="true" className="text-success" />
        ) : (
          <Copy aria-hidden="true" />
        )}
      </button>
      <span role="status" className="sr-only">
        {result === "copied" && t("copied")}
        {result === "refused" && t("refused")}
      </span>
    </>
  );
}
