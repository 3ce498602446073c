"use client";

import { useTranslations } from "#translations";
import { SchemeGround } from "@/components/admin/scheme-ground";
import { Mark } from "@/components/layout/wordmark";
import { buttonClass } from "@/components/ui/button-class";
import { accentOf, SCHEMES, type Scheme } from "@/lib/shared/accent";

/** A page to sign in at, in both schemes, as it would be with this name and colour. */
export function BrandPreview({
  name,
  accent,
  logos,
}: {
  name: string;
  /** `#rrggbb`; null for the colour of the installation. */
  accent: string | null;
  logos: Record<Scheme, string | null>;
}) {
  const t = useTranslations("brandPreview");
  const shown = accent === null ? null : accentOf(accent);
  return (
    <div className="hidden gap-4 sm:grid-cols-2 scripted:grid">
      {SCHEMES.map((scheme) => (
        <SchemeGround
          key={scheme}
          scheme={scheme}
          tones={shown?.[scheme] ?? null}
          label={t(scheme)}
          className="flex flex-col gap-4"
        >
          <Brand name={name} logo={logos[scheme]} />
          <div className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
            <span className="font-semibold tracking-tight">{t("signIn")}</span>
            <span className="h-8 rounded-md border border-line-strong bg-raised" />
            <span className={buttonClass("primary", "sm")}>{t("signIn")}</span>
            <span className="font-medium text-accent text-sm underline">{t("forgot")}</span>
          </div>
        </SchemeGround>
      ))}
    </div>
  );
}

function Brand({ name, logo }: { name: string; logo: string | null }) {
  if (logo !== null) {
    return (
      // oxlint-disable-next-line nextjs/no-img-element -- drawn by us in the size that it is shown in
      <img
        src={logo}
        alt=""
        className="h-9 w-auto max-w-[min(11rem,100%)] self-start object-contain"
      />
    );
  }
  return (
    <span className="inline-flex max-w-full items-center gap-2.5">
      <Mark />
      <bdi className="truncate font-semibold text-[1.0625rem] tracking-tight">{name}</bdi>
    </span>
  );
}
