import { contrastOf, hexOf, type Oklch, oklchOf } from "@/lib/shared/oklch";

/** What stands for a brand's colour in one scheme; each is `#rrggbb`. */
export interface AccentTones {
  /** Of buttons, links and the mark of the focus. */
  accent: string;
  /** Beneath the pointer. */
  strong: string;
  /** What is written on either. */
  on: string;
  /** Behind what is chosen or told. */
  wash: string;
  line: string;
}

export interface Accent {
  light: AccentTones;
  dark: AccentTones;
}

export type Scheme = keyof Accent;
export const SCHEMES = ["light", "dark"] as const satisfies readonly Scheme[];

/** WCAG 2.2 SC 1.4.3, level AA. A button's edge would need 3 (SC 1.4.11); links are of the same colour. */
export const CONTRAST_MIN = 4.5;

/** What accents stand on: `paper`, `surface`, `raised` and `sunken` of app/globals.css. */
export const GROUNDS: Record<Scheme, readonly Oklch[]> = {
  light: [
    { l: 0.972, c: 0.009, h: 88 },
    { l: 0.992, c: 0.004, h: 80 },
    { l: 0.998, c: 0.002, h: 80 },
    { l: 0.95, c: 0.011, h: 88 },
  ],
  dark: [
    { l: 0.19, c: 0.007, h: 70 },
    { l: 0.226, c: 0.009, h: 65 },
    { l: 0.262, c: 0.01, h: 65 },
    { l: 0.204, c: 0.007, h: 70 },
  ],
};

/** How far each tone is from the accent, as those of the installation's own are from theirs. */
const SHAPES = {
  light: {
    towards: -1,
    on: 0.99,
    onChroma: 0.006,
    wash: 0.94,
    line: 0.8,
    washPart: 0.23,
    linePart: 0.53,
  },
  dark: {
    towards: 1,
    on: 0.205,
    onChroma: 0.032,
    wash: 0.28,
    line: 0.43,
    washPart: 0.34,
    linePart: 0.58,
  },
} as const;
const WASH_CHROMA_MAX = 0.03;
const STRONGER = 0.065;
const STEP = 0.005;

const isReadable = (hex: string, grounds: readonly string[]): boolean =>
  grounds.every((ground) => contrastOf(hex, ground) >= CONTRAST_MIN);

/** Towards the end of lightness that the grounds are not at; at that end it can be read. */
function readable(wanted: string, towards: 1 | -1, grounds: readonly string[]): string {
  const { l, c, h } = oklchOf(wanted);
  let hex = wanted;
  for (let at = l; !isReadable(hex, grounds) && at >= 0 && at <= 1; at += towards * STEP) {
    hex = hexOf({ l: at, c, h });
  }
  if (isReadable(hex, grounds)) return hex;
  return towards === 1 ? "#ffffff" : "#000000";
}

function tonesOf(wanted: string, scheme: Scheme): AccentTones {
  const { towards, onChroma, washPart, linePart, ...lightness } = SHAPES[scheme];
  const { c, h } = oklchOf(wanted);
  const on = hexOf({ l: lightness.on, c: Math.min(c, onChroma), h });
  const wash = hexOf({ l: lightness.wash, c: Math.min(c * washPart, WASH_CHROMA_MAX), h });
  const grounds = [...GROUNDS[scheme].map(hexOf), wash, on];
  const accent = readable(wanted, towards, grounds);
  const own = oklchOf(accent);
  const l = Math.min(1, Math.max(0, own.l + towards * STRONGER));
  return {
    accent,
    strong: readable(hexOf({ ...own, l }), towards, grounds),
    on,
    wash,
    line: hexOf({ l: lightness.line, c: c * linePart, h }),
  };
}

/**
 * The tones of a brand's colour, `#rrggbb`: the colour itself where it can be read on everything that
 * it stands on, and else the nearest of its hue that can, darker in light windows and lighter in dark
 * ones. Every text in it, on it and beneath the pointer has at least {@link CONTRAST_MIN}.
 */
export const accentOf = (wanted: string): Accent => ({
  light: tonesOf(wanted, "light"),
  dark: tonesOf(wanted, "dark"),
});

/** The schemes in which another tone than the wanted one is shown. */
export const adjustedIn = (wanted: string): Scheme[] => {
  const accent = accentOf(wanted);
  return SCHEMES.filter((scheme) => accent[scheme].accent !== wanted);
};

/** The variables of app/globals.css that a brand's colour takes the place of. */
export function accentVariables({ light, dark }: Accent): Record<string, string> {
  const both = (tone: keyof AccentTones) => `light-dark(${light[tone]}, ${dark[tone]})`;
  const mixed = (percent: number, into: string) =>
    `color-mix(in oklab, var(--color-accent) ${percent}%, ${into})`;
  return {
    "--color-accent": both("accent"),
    "--color-accent-strong": both("strong"),
    "--color-on-accent": both("on"),
    "--color-accent-wash": both("wash"),
    "--color-accent-line": both("line"),
    "--color-gate-2": mixed(5, "var(--color-sunken)"),
    "--color-gate-3": mixed(16, "var(--color-sunken)"),
    "--color-gate-4": mixed(45, "var(--color-sunken)"),
    "--color-gate-5": "var(--color-accent)",
    "--color-gate-line": mixed(40, "transparent"),
  };
}
