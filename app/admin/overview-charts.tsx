import { useLanguage, useTranslations } from "#translations";
import { BarChart } from "@/components/charts/bar-chart";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { absoluteTime, dayOf } from "@/components/ui/time-format";
import type { Overview } from "@/lib/audit-log/describe-overview";
import { days } from "@/lib/shared/duration";

const CHARTS = [
  { name: "signIns", tone: "accent" },
  { name: "failures", tone: "warning" },
  { name: "refusals", tone: "danger" },
] as const;

/** RFC 8176, and our own words for what it has none for. */
const METHODS = ["pwd", "email", "otp", "sms", "hwk", "user", "fed", "mfa"] as const;

export function OverviewCharts({ overview }: { overview: Overview }) {
  const t = useTranslations("admin-overview");
  const language = useLanguage();
  const { series, totals, everywhere, stepSeconds } = overview;
  const labelOf = stepSeconds < days(1) ? absoluteTime : dayOf;
  // Who failed to sign in was in no organization yet.
  const shown = CHARTS.filter(({ name }) => everywhere || name !== "failures");
  return (
    <div className="grid gap-6 xl:grid-cols-2">
      {shown.map(({ name, tone }) => (
        <Section
          key={name}
          title={t(`charts.${name}.title`)}
          description={t(`charts.${name}.description`)}
        >
          <BarChart
            name={t("named", { title: t(`charts.${name}.title`), count: totals[name] })}
            tone={tone}
            bars={series.at.map((at, index) => ({
              label: labelOf(at, language),
              value: series.counts[name][index] ?? 0,
            }))}
          />
        </Section>
      ))}
      <Methods overview={overview} />
    </div>
  );
}

function Methods({ overview: { methods, totals } }: { overview: Overview }) {
  const t = useTranslations("admin-overview.methods");
  const most = Math.max(1, ...methods.map(({ count }) => count));
  const nameOf = (method: string): string => {
    const known = METHODS.find((name) => name === method);
    return known === undefined ? method : t(`names.${known}`);
  };
  return (
    <Section title={t("title")} description={t("description")}>
      {methods.length === 0 ? (
        <EmptyState level={3} title={t("none")} description={t("noneText")} />
      ) : (
        <ul className="space-y-3 text-sm">
          {methods.map(({ method, count }) => (
            <li key={method}>
              <div className="flex justify-between gap-4">
                <span>{nameOf(method)}</span>
                <span className="figures text-ink-soft">
                  {t("of", { count, all: totals.signIns })}
                </span>
              </div>
              <svg
                aria-hidden="true"
                viewBox="0 0 100 2"
                preserveAspectRatio="none"
                className="mt-1 h-1.5 w-full rounded-sm bg-sunken"
              >
                <rect width={(count / most) * 100} height="2" className="fill-accent" />
              </svg>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
