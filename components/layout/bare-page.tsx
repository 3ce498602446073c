import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { Wordmark } from "@/components/layout/wordmark";

/** A page with nothing but a mark and a message, for when the rest of the house is out of reach. */
export function BarePage({ children }: { children: ReactNode }) {
  const t = useTranslations("failure");
  return (
    <div className="flex min-h-dvh flex-col px-4 sm:px-8">
      <header className="flex h-18 items-center">
        {/* A plain link: what is broken may be the very thing that follows links. */}
        {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- see above */}
        <a href="/" aria-label={t("home")} className="rounded-sm">
          <Wordmark />
        </a>
      </header>
      <main id="main" className="flex flex-1 flex-col justify-center pb-24">
        {children}
      </main>
    </div>
  );
}
