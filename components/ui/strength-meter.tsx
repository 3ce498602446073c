import { useTranslations } from "#translations";
import { cn } from "@/components/ui/cn";

const LEVELS = [
  { words: "level0", bar: "bg-danger" },
  { words: "level1", bar: "bg-danger" },
  { words: "level2", bar: "bg-warning" },
  { words: "level3", bar: "bg-success" },
  { words: "level4", bar: "bg-success" },
] as const;

export type StrengthScore = 0 | 1 | 2 | 3 | 4;

/** How hard a password is to guess. Without a score it keeps its place, so that nothing moves. */
export function StrengthMeter({
  score,
  advice,
}: {
  score?: StrengthScore;
  /** What would make it better, in a sentence. */
  advice?: string;
}) {
  const t = useTranslations("passwords.strength");
  const level = score === undefined ? undefined : LEVELS[score];
  return (
    <div className="space-y-1.5">
      <div
        role="meter"
        aria-label={t("label")}
        aria-valuemin={0}
        aria-valuemax={4}
        aria-valuenow={score ?? 0}
        aria-valuetext={t(level?.words ?? "nothing")}
        className="grid grid-cols-4 gap-1"
      >
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={cn(
              "h-1 rounded-full transition-colors",
              level && Math.max(score ?? 0, 1) >= step ? level.bar : "bg-line",
            )}
          />
        ))}
      </div>
      <p aria-live="polite" className="min-h-5 text-ink-faint text-sm">
        {level && <span className="font-medium text-ink-soft">{t(level.words)}.</span>} {advice}
      </p>
    </div>
  );
}
