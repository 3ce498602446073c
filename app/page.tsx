import type { Metadata } from "next";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { getTranslations } from "@/app/_locale/translations";
import { Enfilade } from "@/components/layout/enfilade";
import { Wordmark } from "@/components/layout/wordmark";
import { LanguageSwitch } from "@/components/locale/language-switch";
import { ButtonLink } from "@/components/ui/button";
import { Code, CodeBlock } from "@/components/ui/code";
import { SkipLink } from "@/components/ui/skip-link";
import { ThemeToggle } from "@/components/ui/theme-toggle";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("landing");
  return { title: { absolute: `${t("title")} · Gatehouse` } };
}

const REQUEST_PATH = [
  { step: "who", refusal: "401" },
  { step: "what", refusal: "403" },
  { step: "record", refusal: "404" },
] as const;

const WORKS_TODAY = [
  "signIn",
  "factors",
  "oidc",
  "sessions",
  "roles",
  "admin",
  "api",
  "audit",
] as const;

const NO = { no: (words: ReactNode) => <span className="text-ink-faint">{words}</span> };
const VALUE = { value: (words: ReactNode) => <Code>{words}</Code> };

function Part({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-x-16 gap-y-8 border-line py-16 [&+&]:border-t lg:grid-cols-[20rem_minmax(0,1fr)] lg:py-20">
      <div className="space-y-3">
        <h2 className="font-semibold text-2xl text-ink tracking-tight">{title}</h2>
        <div className="text-pretty text-ink-soft">{lead}</div>
      </div>
      {children}
    </section>
  );
}

export default function LandingPage() {
  const t = useTranslations("landing");
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-8">
      <SkipLink />
      <header className="flex h-18 items-center justify-between">
        <Wordmark />
        <ThemeToggle />
      </header>

      <main id="main" tabIndex={-1} className="outline-none">
        <section className="grid items-end gap-x-16 gap-y-14 border-ink border-b pt-12 lg:grid-cols-[minmax(0,1fr)_26rem] lg:pt-16">
          <div className="space-y-7 lg:pb-28">
            <h1 className="max-w-[14ch] font-semibold text-5xl text-ink leading-[1.02] tracking-tighter sm:text-6xl xl:text-7xl">
              {t("title")}
            </h1>
            <p className="max-w-[34rem] text-pretty text-ink-soft text-lg leading-relaxed">
              {t("lead")}
            </p>
            <div className="flex flex-wrap gap-3">
              <ButtonLink href="/sign-in" variant="primary" className="h-11 px-5">
                {t("signIn")}
              </ButtonLink>
              <ButtonLink href="/sign-up" className="h-11 px-5">
                {t("createAccount")}
              </ButtonLink>
            </div>
          </div>
          <Enfilade className="mx-auto max-w-[26rem] max-lg:max-w-[21rem]" />
        </section>

        <Part title={t("path.title")} lead={t("path.lead")}>
          <ol className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
            {REQUEST_PATH.map(({ step, refusal }) => (
              <li
                key={step}
                className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-6 gap-y-1 border-line border-b px-5 py-4 sm:grid-cols-[11rem_minmax(0,1fr)_auto] sm:px-6"
              >
                <span className="font-medium text-ink">{t(`path.${step}`)}</span>
                <span className="text-ink-soft text-sm max-sm:col-span-2 max-sm:row-start-2">
                  {t(`path.${step}Text`)}
                </span>
                <span className="font-mono text-danger text-sm">
                  {t.rich("path.no", { ...NO, status: refusal })}
                </span>
              </li>
            ))}
            <li className="flex items-baseline justify-between bg-accent-wash px-5 py-4 sm:px-6">
              <span className="font-medium text-accent">{t("path.page")}</span>
              <span className="font-mono text-accent text-sm">200</span>
            </li>
          </ol>
        </Part>

        <Part title={t("today.title")} lead={t("today.lead")}>
          <dl className="divide-y divide-line">
            {WORKS_TODAY.map((item) => (
              <div
                key={item}
                className="grid gap-x-8 gap-y-1 py-4 first:pt-0 last:pb-0 sm:grid-cols-[11rem_minmax(0,1fr)]"
              >
                <dt className="font-medium text-ink">{t(`today.${item}.term`)}</dt>
                <dd className="text-pretty text-ink-soft text-sm leading-relaxed">
                  {t(`today.${item}.text`)}
                </dd>
              </div>
            ))}
          </dl>
        </Part>

        <Part title={t("run.title")} lead={t.rich("run.lead", VALUE)}>
          <div className="space-y-4">
            <CodeBlock label={t("run.command")} code="npm start" />
            <p className="text-pretty text-ink-soft text-sm leading-relaxed">{t("run.text")}</p>
          </div>
        </Part>
      </main>

      <footer className="flex flex-wrap items-center justify-between gap-4 border-line border-t py-8 text-ink-faint text-sm">
        <p>{t("license")}</p>
        <LanguageSwitch />
      </footer>
    </div>
  );
}
