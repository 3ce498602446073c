import { cn } from "@/components/ui/cn";

const CENTRE = 240;
const FLOOR = 520;
/** Half width of the opening, height of its springing line, and what fills it. */
const GATES = [
  { half: 196, spring: 236, fill: "var(--color-sunken)" },
  { half: 146, spring: 262, fill: "var(--color-surface)" },
  { half: 106, spring: 286, fill: "var(--color-accent-wash)" },
  { half: 74, spring: 308, fill: "var(--color-accent-line)" },
  { half: 48, spring: 328, fill: "var(--color-accent)" },
] as const;
const floorOf = (index: number): number => FLOOR - index * 22;
const OUTER = { half: 226, spring: 236 };

const arch = (half: number, spring: number, floor: number): string =>
  `M${CENTRE - half} ${floor}V${spring}a${half} ${half} 0 0 1 ${2 * half} 0V${floor}`;

/** The joints between the stones of the first arch, like the spokes of a wheel. */
const joints = Array.from({ length: 17 }, (_, index) => {
  const angle = (Math.PI * (index + 1)) / 18;
  const at = (radius: number) =>
    `${(CENTRE - Math.cos(angle) * radius).toFixed(1)} ${(OUTER.spring - Math.sin(angle) * radius).toFixed(1)}`;
  return `M${at(196)}L${at(226)}`;
}).join("");

/** Horizontal joints of the two pillars, as high as the stones of the arch are wide. */
const courses = Array.from({ length: 7 }, (_, index) => {
  const y = OUTER.spring + index * 38;
  return `M${CENTRE - 226} ${y}h30M${CENTRE + 196} ${y}h30`;
}).join("");

const NOTES = [
  { index: 0, label: "session" },
  { index: 1, label: "role" },
  { index: 2, label: "permission" },
] as const;

/**
 * Looking through one gate into the next: the session is the first, the
 * permission the last. Decorative, so hidden from those who hear the page.
 */
export function Enfilade({ notes = false, className }: { notes?: boolean; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 480 540"
      fill="none"
      className={cn("h-auto w-full", className)}
    >
      <path
        d={arch(OUTER.half, OUTER.spring, FLOOR)}
        fill="var(--color-surface)"
        stroke="var(--color-line-strong)"
      />
      <path d={joints + courses} stroke="var(--color-line)" />
      {GATES.map(({ half, spring, fill }, index) => (
        <path
          key={half}
          d={`${arch(half, spring, floorOf(index))}Z`}
          fill={fill}
          stroke={index < 3 ? "var(--color-line-strong)" : "var(--color-accent)"}
          strokeWidth={index < 3 ? 1 : 0.75}
        />
      ))}
      <path d={`M0 ${FLOOR}h480`} stroke="var(--color-ink)" strokeWidth="1.25" />
      {notes &&
        NOTES.map(({ index, label }) => {
          const gate = GATES[index];
          const top = gate.spring - gate.half;
          return (
            <text
              key={label}
              x={CENTRE}
              y={top + 27}
              textAnchor="middle"
              className="fill-ink-faint font-mono text-[11px]"
            >
              {label}
            </text>
          );
        })}
    </svg>
  );
}
