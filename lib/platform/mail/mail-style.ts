import "server-only";
import type { CSSProperties } from "react";
import type { AccentTones, Scheme } from "@/lib/shared/accent";

interface Tone {
  paper: string;
  surface: string;
  sunken: string;
  line: string;
  ink: string;
  soft: string;
  faint: string;
}

/** The colours of app/globals.css as hex, because mail programs read no other notation. */
export const LIGHT: Tone = {
  paper: "#f8f6ef",
  surface: "#fefcf9",
  sunken: "#f1eee6",
  line: "#dfdbd2",
  ink: "#241e18",
  soft: "#534b43",
  faint: "#6e665e",
};
const DARK: Tone = {
  paper: "#161310",
  surface: "#1f1b18",
  sunken: "#191614",
  line: "#37322d",
  ink: "#edeae4",
  soft: "#b9b4ac",
  faint: "#98938b",
};
/** What of a brand's colour a mail shows: there is no pointer in it, and nothing washed. */
export const OWN_ACCENT: Record<Scheme, MailAccent> = {
  light: { accent: "#005c63", on: "#f7fdfd" },
  dark: { accent: "#70c5c4", on: "#021b1e" },
};
export type MailAccent = Pick<AccentTones, "accent" | "on">;

export const SANS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif";
export const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
export const WIDTH = 480;

/**
 * What is light stands in the elements, where every program honours it; the dark
 * colours come over it where a program reads a style sheet and the reader has dark
 * windows. Nothing here may hold quotes or angles: React escapes them.
 */
export const styleSheet = ({ accent, on }: MailAccent): string => `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: ${WIDTH + 40}px) { .sheet { padding: 24px 20px !important; } }
@media (prefers-color-scheme: dark) {
  .on-paper { background-color: ${DARK.paper} !important; }
  .on-surface { background-color: ${DARK.surface} !important; }
  .on-sunken { background-color: ${DARK.sunken} !important; }
  .lined { border-color: ${DARK.line} !important; }
  .gate { border-color: ${accent} !important; }
  .ink { color: ${DARK.ink} !important; }
  .soft { color: ${DARK.soft} !important; }
  .faint { color: ${DARK.faint} !important; }
  .accent { color: ${accent} !important; }
  .on-accent { background-color: ${accent} !important; color: ${on} !important; }
}`;

export const breaking: CSSProperties = { overflowWrap: "anywhere", wordBreak: "break-word" };
