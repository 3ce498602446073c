import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { BrandMark } from "@/components/layout/brand-mark";
import { Enfilade } from "@/components/layout/enfilade";
import { Wordmark } from "@/components/layout/wordmark";
import { LanguageSwitch } from "@/components/locale/language-switch";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { SkipLink } from "@/components/ui/skip-link";
import { ThemeToggle } from "@/components/ui/theme-toggle";
import { accentClass, accentStylesHref, type Look } from "@/lib/shared/look";

/**
 * The frame of every page on the way in: one question on one sheet. Wide
 * screens show the gate beside it, at the start of the line, where no scrollbar can cut it.
 */
export function AuthShell({
  title,
  description,
  footer,
  look = null,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  /** Stands under the sheet, for example "No account yet? Create account". */
  footer?: ReactNode;
  /** That of an organization; null for the installation's own. */
  look?: Look | null;
  children: ReactNode;
}) {
  const t = useTranslations("common");
  const accent = look?.accent ?? null;
  return (
    <div
      className={cn(
        accent !== null && accentClass(accent),
        "grid min-h-dvh lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)] xl:grid-cols-[minmax(0,32rem)_minmax(0,1fr)]",
      )}
    >
      {accent !== null && (
        <link rel="stylesheet" href={accentStylesHref(accent)} precedence="brand" />
      )}
      <SkipLink />
      <aside
        aria-hidden="true"
        className="sticky top-0 hidden h-dvh items-end overflow-hidden border-e bg-sunken lg:flex"
      >
        <Enfilade className="mx-auto w-[82%]" />
      </aside>
      <div className="flex min-h-dvh flex-col px-4 sm:px-8">
        <header className="flex h-18 items-center justify-between gap-4">
          <Link
            href="/"
            aria-label={look === null ? t("home") : t("homeOf", { name: look.name })}
            className="min-w-0 rounded-sm"
          >
            {look === null ? <Wordmark /> : <BrandMark look={look} />}
          </Link>
          <ThemeToggle />
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="flex-1 pt-6 pb-24 outline-none sm:pt-[max(1.5rem,13vh)]"
        >
          <div className="mx-auto w-full max-w-[25rem]">
            <div className="rounded-xl border border-line bg-surface p-6 shadow-card sm:p-8">
              <h1 className="wrap-anywhere font-semibold text-ink text-xl tracking-tight">
                {title}
              </h1>
              {description && (
                <div className="mt-1.5 text-pretty text-ink-soft text-sm">{description}</div>
              )}
              <div className="mt-6">{children}</div>
            </div>
            {footer && <div className="mt-5 text-center text-ink-soft text-sm">{footer}</div>}
          </div>
        </main>
        <footer className="flex justify-center pb-6">
          <LanguageSwitch />
        </footer>
      </div>
    </div>
  );
}
