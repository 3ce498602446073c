import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { accentOf, adjustedIn, CONTRAST_MIN, GROUNDS, SCHEMES } from "@/lib/shared/accent";
import { contrastOf, hexOf, oklchOf } from "@/lib/shared/oklch";

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, "0")}`);

const styles = readFileSync("app/globals.css", "utf8");
const NAMES = ["paper", "surface", "raised", "sunken"];

test("the grounds are those of the style sheet", () => {
  const asCss = ({ l, c, h }: { l: number; c: number; h: number }) => `oklch(${l} ${c} ${h})`;
  for (const [at, name] of NAMES.entries()) {
    const [light, dark] = SCHEMES.map((scheme) =>
      asCss(GROUNDS[scheme][at] ?? { l: 0, c: 0, h: 0 }),
    );
    expect(styles).toContain(`--color-${name}: light-dark(${light}, ${dark});`);
  }
});

test("whatever the colour, everything in it and on it keeps AA in both schemes (F134)", () => {
  fc.assert(
    fc.property(colour, (wanted) => {
      const accent = accentOf(wanted);
      for (const scheme of SCHEMES) {
        const { accent: shown, strong, on, wash } = accent[scheme];
        for (const ground of [...GROUNDS[scheme].map(hexOf), wash]) {
          expect(contrastOf(shown, ground)).toBeGreaterThanOrEqual(CONTRAST_MIN);
          expect(contrastOf(strong, ground)).toBeGreaterThanOrEqual(CONTRAST_MIN);
        }
        expect(contrastOf(on, shown)).toBeGreaterThanOrEqual(CONTRAST_MIN);
        expect(contrastOf(on, strong)).toBeGreaterThanOrEqual(CONTRAST_MIN);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("every tone is six hexadecimal digits, so that nothing else reaches a style sheet (ATK-65)", () => {
  fc.assert(
    fc.property(colour, (wanted) => {
      const { light, dark } = accentOf(wanted);
      for (const tone of [...Object.values(light), ...Object.values(dark)]) {
        expect(tone).toMatch(/^#[0-9a-f]{6}$/);
      }
    }),
  );
});

test("a colour that can be read is kept as it is, and one that cannot keeps its hue", () => {
  expect(accentOf("#1f4e9e").light.accent).toBe("#1f4e9e");
  expect(adjustedIn("#1f4e9e")).toEqual(["dark"]);
  expect(adjustedIn("#ffd400")).toEqual(["light"]);
  const { light } = accentOf("#ffd400");
  expect(Math.abs(oklchOf(light.accent).h - oklchOf("#ffd400").h)).toBeLessThan(6);
});

test.each(["#000000", "#ffffff", "#808080", "#ff0000", "#00ff00", "#0000ff", "#ffff00"])(
  "%s is read where it stands",
  (wanted) => {
    for (const scheme of SCHEMES) {
      const { accent, on } = accentOf(wanted)[scheme];
      expect(contrastOf(accent, on)).toBeGreaterThanOrEqual(CONTRAST_MIN);
    }
  },
);

test("colours go to OKLCH and back", () => {
  fc.assert(
    fc.property(colour, (hex) => {
      expect(hexOf(oklchOf(hex))).toBe(hex);
    }),
  );
  expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21, 5);
});
