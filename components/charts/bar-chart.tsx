import { useTranslations } from "#translations";

export interface Bar {
  /** What it stands for, in words. */
  label: string;
  value: number;
}

const [WIDTH, HEIGHT] = [600, 120];
/** Of the room that a bar has. */
const FILLED = 0.72;

/** The next round number: 1, 2 or 5 with zeros. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/**
 * Values over time. A picture with a name for those who do not see it, and every value beside its
 * time in a table for everybody who wants it.
 */
export function BarChart({
  name,
  bars,
  tone = "accent",
}: {
  name: string;
  bars: Bar[];
  tone?: "accent" | "danger" | "warning";
}) {
  const t = useTranslations("charts");
  const top = roundUp(Math.max(0, ...bars.map(({ value }) => value)));
  const room = WIDTH / bars.length;
  const fill = { accent: "fill-accent", danger: "fill-danger", warning: "fill-warning" }[tone];
  return (
    <figure className="space-y-2">
      <div className="flex items-stretch gap-2">
        <div
          aria-hidden="true"
          className="figures flex flex-col justify-between text-end text-ink-faint text-xs"
        >
          <span>{top}</span>
          <span>0</span>
        </div>
        <svg
          role="img"
          aria-label={name}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-32 w-full"
        >
          <line x1="0" x2={WIDTH} y1="0.5" y2="0.5" className="stroke-line" />
          {bars.map(({ label, value }, index) => {
            const height = (value / top) * HEIGHT;
            return (
              <rect
                key={label}
                x={index * room + (room * (1 - FILLED)) / 2}
                y={HEIGHT - height}
                width={room * FILLED}
                height={height}
                className={fill}
              >
                <title>{`${label}: ${value}`}</title>
              </rect>
            );
          })}
          <line
            x1="0"
            x2={WIDTH}
            y1={HEIGHT - 0.5}
            y2={HEIGHT - 0.5}
            className="stroke-line-strong"
          />
        </svg>
      </div>
      <div aria-hidden="true" className="flex justify-between ps-6 text-ink-faint text-xs">
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </div>
      <details className="text-sm">
        <summary className="cursor-pointer text-ink-soft">{t("asTable", { name })}</summary>
        <div
          className="mt-2 max-h-64 overflow-y-auto"
          tabIndex={0}
          role="region"
          aria-label={t("asTable", { name })}
        >
          <table className="w-full text-start">
            <caption className="sr-only">{name}</caption>
            <thead>
              <tr className="text-ink-faint">
                <th scope="col" className="py-1 font-medium">
                  {t("from")}
                </th>
                <th scope="col" className="py-1 text-end font-medium">
                  {t("count")}
                </th>
              </tr>
            </thead>
            <tbody className="figures">
              {bars.map(({ label, value }) => (
                <tr key={label} className="border-line border-t">
                  <th scope="row" className="py-1 font-normal">
                    {label}
                  </th>
                  <td className="py-1 text-end">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
