import { cn } from "@/components/ui/cn";

const CENTRE = 240;
const GROUND = 480;

/** The openings from near to far: half width, height of the springing line, height of the floor. */
const GATES = [
  { half: 200, spring: 210, floor: GROUND },
  { half: 142, spring: 226, floor: 442 },
  { half: 100, spring: 238, floor: 414 },
  { half: 69, spring: 247, floor: 394 },
  { half: 46, spring: 254, floor: 379 },
] as const;
const [FIRST, , , , LAST] = GATES;
const WALLS = ["fill-gate-1", "fill-gate-2", "fill-gate-3", "fill-gate-4", "fill-gate-5"] as const;
const STONE = 28;

type Gate = (typeof GATES)[number];

const opening = ({ half, spring, floor }: Gate, wider = 0): string => {
  const radius = half + wider;
  return `M${CENTRE - radius} ${floor}V${spring}a${radius} ${radius} 0 0 1 ${2 * radius} 0V${floor}`;
};

/** The floor between one opening and the next. */
const floorBetween = (near: Gate, far: Gate): string =>
  `M${CENTRE - near.half} ${near.floor}L${CENTRE - far.half} ${far.floor}h${2 * far.half}L${CENTRE + near.half} ${near.floor}Z`;

/** The joints between the stones of the first arch, like the spokes of a wheel, and of its pillars. */
const spokes = Array.from({ length: 15 }, (_, index) => {
  const angle = (Math.PI * (index + 1)) / 16;
  const at = (radius: number) =>
    `${(CENTRE - Math.cos(angle) * radius).toFixed(1)} ${(FIRST.spring - Math.sin(angle) * radius).toFixed(1)}`;
  return `M${at(FIRST.half)}L${at(FIRST.half + STONE)}`;
}).join("");
const courses = Array.from({ length: 6 }, (_, index) => {
  const y = FIRST.spring + index * 45;
  return `M${CENTRE - FIRST.half - STONE} ${y}h${STONE}M${CENTRE + FIRST.half} ${y}h${STONE}`;
}).join("");

/** Light falls through the door, which stands ajar, over the floor to whoever looks. */
const light = `M${CENTRE - 1.5} ${LAST.floor}h3L${CENTRE + 62} ${GROUND}h-124Z`;

/**
 * Looking through one gate into the next, to a door that stands ajar. It stands
 * on the lower edge of its box. Decorative, so hidden from those who hear the page.
 */
export function Enfilade({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 480 ${GROUND}`}
      fill="none"
      className={cn("block h-auto w-full overflow-visible", className)}
    >
      <path d={opening(FIRST, STONE)} className="fill-surface stroke-line-strong" />
      <path d={spokes + courses} className="stroke-line" />
      {GATES.map((gate, index) => {
        const far = GATES[index + 1];
        return (
          <g key={gate.half} className="stroke-gate-line">
            <path d={`${opening(gate)}Z`} className={WALLS[index]} />
            {far && <path d={floorBetween(gate, far)} className="fill-gate-floor" />}
          </g>
        );
      })}
      <path d={light} className="fill-gate-light" />
      <path
        d={`M${CENTRE} ${LAST.floor}V${LAST.spring - LAST.half}`}
        className="stroke-gate-slit"
        strokeWidth="3"
      />
    </svg>
  );
}
