import { useTranslations } from "#translations";
import type { BenchLine, BenchVerdict } from "@/components/admin/policies/bench-view";
import { Badge, type Tone } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";

const TONES: Record<BenchLine["finding"], Tone> = {
  met: "success",
  "not-met": "neutral",
  unknown: "warning",
  some: "info",
};

/** One verdict with the rules that it was made from. */
export function BenchResult({ title, verdict }: { title: string; verdict: BenchVerdict }) {
  const t = useTranslations("admin-policy-editor.result");
  return (
    <section aria-label={title} className="min-w-0 space-y-3 rounded-md border border-line p-4">
      <h3 className="flex flex-wrap items-center gap-2 font-medium text-ink text-sm">
        {title}
        <Badge tone={verdict.allowed ? "success" : "danger"} dot>
          {verdict.allowed ? t("allowed") : t("denied")}
        </Badge>
      </h3>
      <p className="text-ink-soft text-sm">{verdict.words}</p>
      {verdict.hidden.length > 0 && (
        <p className="text-ink-soft text-sm">
          {t("hidden", { fields: verdict.hidden.join(", ") })}
        </p>
      )}
      {verdict.rules.length === 0 ? (
        <p className="text-ink-faint text-sm">{t("none")}</p>
      ) : (
        <ol className="space-y-3">
          {verdict.rules.map((rule) => (
            <li key={rule.key} className="space-y-1 text-sm">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink [overflow-wrap:anywhere]">
                <span className={cn(rule.finding === "does-not-count" && "text-ink-faint")}>
                  {t(rule.effect === "deny" ? "denies" : "allows", { rule: rule.title })}
                </span>
                <Badge>{t(`counts.${rule.finding}`)}</Badge>
                {rule.decides && <Badge tone="accent">{t("decides")}</Badge>}
              </p>
              <BenchLines lines={rule.lines} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const INDENTS = ["ps-4", "ps-8", "ps-12", "ps-16", "ps-20", "ps-24", "ps-28"];

function BenchLines({ lines }: { lines: readonly BenchLine[] }) {
  const t = useTranslations("admin-policy-editor.result");
  if (lines.length === 0) return <p className="ps-4 text-ink-faint">{t("without")}</p>;
  return (
    <ul className="space-y-1">
      {lines.map(({ key, text, depth, finding, actual }) => (
        <li
          key={key}
          className={cn(
            "flex flex-wrap items-center gap-x-2 gap-y-0.5 text-ink-soft [overflow-wrap:anywhere]",
            INDENTS[depth] ?? "ps-28",
          )}
        >
          <span>{text}</span>
          <Badge tone={TONES[finding]}>{t(`findings.${finding}`)}</Badge>
          {actual !== null && <span className="text-ink-faint">{t("actual", { actual })}</span>}
        </li>
      ))}
    </ul>
  );
}
