import type { BenchLine, BenchRule, BenchVerdict } from "@/components/admin/policies/bench-view";
import { Badge, type Tone } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";

const FINDINGS: Record<BenchLine["finding"], { tone: Tone; word: string }> = {
  met: { tone: "success", word: "Holds" },
  "not-met": { tone: "neutral", word: "Does not hold" },
  unknown: { tone: "warning", word: "Not known" },
  some: { tone: "info", word: "For some records" },
};

const COUNTS: Record<BenchRule["finding"], string> = {
  counts: "Counts",
  "does-not-count": "Does not count",
  "for-some": "Counts for some records",
};

/** One verdict with the rules that it was made from. */
export function BenchResult({ title, verdict }: { title: string; verdict: BenchVerdict }) {
  return (
    <section aria-label={title} className="min-w-0 space-y-3 rounded-md border border-line p-4">
      <h3 className="flex flex-wrap items-center gap-2 font-medium text-ink text-sm">
        {title}
        <Badge tone={verdict.allowed ? "success" : "danger"} dot>
          {verdict.allowed ? "Allowed" : "Denied"}
        </Badge>
      </h3>
      <p className="text-ink-soft text-sm">{verdict.words}</p>
      {verdict.hidden.length > 0 && (
        <p className="text-ink-soft text-sm">Hidden: {verdict.hidden.join(", ")}.</p>
      )}
      {verdict.rules.length === 0 ? (
        <p className="text-ink-faint text-sm">No role and no policy says anything about this.</p>
      ) : (
        <ol className="space-y-3">
          {verdict.rules.map((rule) => (
            <li key={rule.key} className="space-y-1 text-sm">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink [overflow-wrap:anywhere]">
                <span className={cn(rule.finding === "does-not-count" && "text-ink-faint")}>
                  {rule.title} {rule.effect === "deny" ? "denies" : "allows"}
                </span>
                <Badge>{COUNTS[rule.finding]}</Badge>
                {rule.decides && <Badge tone="accent">Decides</Badge>}
              </p>
              <BenchLines lines={rule.lines} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const INDENTS = ["pl-4", "pl-8", "pl-12", "pl-16", "pl-20", "pl-24", "pl-28"];

function BenchLines({ lines }: { lines: readonly BenchLine[] }) {
  if (lines.length === 0) return <p className="pl-4 text-ink-faint">Without a condition</p>;
  return (
    <ul className="space-y-1">
      {lines.map(({ key, text, depth, finding, actual }) => {
        const { tone, word } = FINDINGS[finding];
        return (
          <li
            key={key}
            className={cn(
              "flex flex-wrap items-center gap-x-2 gap-y-0.5 text-ink-soft [overflow-wrap:anywhere]",
              INDENTS[depth] ?? "pl-28",
            )}
          >
            <span>{text}</span>
            <Badge tone={tone}>{word}</Badge>
            {actual !== null && <span className="text-ink-faint">It is {actual}</span>}
          </li>
        );
      })}
    </ul>
  );
}
