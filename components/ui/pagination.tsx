import { ArrowLeft, ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { buttonClass } from "@/components/ui/button-class";
import { Link } from "@/components/ui/link";

function Step({
  href,
  rel,
  children,
}: {
  href?: string;
  rel: "prev" | "next";
  children: ReactNode;
}) {
  const look = buttonClass("secondary", "sm");
  if (href === undefined) {
    return (
      <span aria-disabled="true" className={look}>
        {children}
      </span>
    );
  }
  return (
    <Link href={href} rel={rel} className={look}>
      {children}
    </Link>
  );
}

/** Steps through a list by cursor. Nothing is shown when there is nowhere to go. */
export function Pagination({
  previousHref,
  nextHref,
  summary,
  label,
}: {
  previousHref?: string;
  nextHref?: string;
  summary?: ReactNode;
  label?: string;
}) {
  const t = useTranslations("common.pages");
  if (previousHref === undefined && nextHref === undefined && !summary) return null;
  return (
    <nav
      aria-label={label ?? t("label")}
      className="mt-4 flex flex-wrap items-center justify-between gap-3 text-ink-soft text-sm"
    >
      <span className="figures">{summary}</span>
      {(previousHref !== undefined || nextHref !== undefined) && (
        <span className="flex gap-2">
          <Step href={previousHref} rel="prev">
            <ArrowLeft aria-hidden="true" className="rtl:-scale-x-100" />
            {t("previous")}
          </Step>
          <Step href={nextHref} rel="next">
            {t("next")}
            <ArrowRight aria-hidden="true" className="rtl:-scale-x-100" />
          </Step>
        </span>
      )}
    </nav>
  );
}
