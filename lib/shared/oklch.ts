/** Lightness 0 to 1, chroma, and hue in degrees: a colour as people tell colours apart (CSS Color 4 §9.4). */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

/** Red, green and blue of linear light, each 0 to 1 where a screen can show it. */
type Linear = readonly [red: number, green: number, blue: number];

const toLinear = (part: number): number =>
  part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;

const fromLinear = (part: number): number =>
  part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;

const linearOf = (hex: string): Linear => {
  const part = (at: number) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return [part(1), part(3), part(5)];
};

/** The colour of `#rrggbb`, by the matrices of CSS Color 4 §16. */
export function oklchOf(hex: string): Oklch {
  const [r, g, b] = linearOf(hex);
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const yellow = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  return { l, c: Math.hypot(a, yellow), h: (Math.atan2(yellow, a) * 180) / Math.PI };
}

function linearOfOklch({ l, c, h }: Oklch): Linear {
  const radians = (h * Math.PI) / 180;
  const [a, b] = [c * Math.cos(radians), c * Math.sin(radians)];
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

const isShown = (linear: Linear): boolean =>
  linear.every((part) => part >= -0.0001 && part <= 1.0001);

/** `#rrggbb` of the colour, as vivid as a screen can show it in this lightness and hue. */
export function hexOf({ l, c, h }: Oklch): string {
  let [shown, beyond] = [0, c];
  if (isShown(linearOfOklch({ l, c, h }))) shown = c;
  else {
    for (let step = 0; step < 16; step += 1) {
      const between = (shown + beyond) / 2;
      if (isShown(linearOfOklch({ l, c: between, h }))) shown = between;
      else beyond = between;
    }
  }
  const part = (linear: number) =>
    Math.round(fromLinear(Math.min(1, Math.max(0, linear))) * 255)
      .toString(16)
      .padStart(2, "0");
  return `#${linearOfOklch({ l, c: shown, h }).map(part).join("")}`;
}

const luminanceOf = (hex: string): number => {
  const [r, g, b] = linearOf(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** Between 1 and 21 (WCAG 2.2, contrast ratio). */
export function contrastOf(one: string, other: string): number {
  const [low, high] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}
