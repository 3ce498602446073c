import type { Scheme } from "@/lib/shared/accent";

/**
 * The colours of app/globals.css that a part of a page needs that is drawn in a scheme of its own: the
 * build resolves them once, for the scheme of the whole page. A test compares the two.
 */
export const SCHEME_COLOURS: Record<Scheme, Readonly<Record<string, string>>> = {
  light: {
    paper: "oklch(0.972 0.009 88)",
    surface: "oklch(0.992 0.004 80)",
    raised: "oklch(0.998 0.002 80)",
    line: "oklch(0.892 0.013 84)",
    "line-strong": "oklch(0.622 0.017 80)",
    ink: "oklch(0.238 0.014 65)",
    accent: "oklch(0.43 0.079 203)",
    "on-accent": "oklch(0.99 0.006 190)",
  },
  dark: {
    paper: "oklch(0.19 0.007 70)",
    surface: "oklch(0.226 0.009 65)",
    raised: "oklch(0.262 0.01 65)",
    line: "oklch(0.32 0.011 70)",
    "line-strong": "oklch(0.545 0.015 72)",
    ink: "oklch(0.938 0.009 85)",
    accent: "oklch(0.77 0.083 194)",
    "on-accent": "oklch(0.205 0.032 205)",
  },
};
