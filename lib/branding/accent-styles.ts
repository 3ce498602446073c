import "server-only";
import { accentOf, accentVariables } from "@/lib/shared/accent";
import { accentClass } from "@/lib/shared/look";

/** The style sheet of a colour: variables alone, within its class, where a browser knows both schemes at once. */
export function accentStyles(accent: string): string {
  const declared = Object.entries(accentVariables(accentOf(accent)))
    .map(([name, value]) => `${name}:${value}`)
    .join(";");
  return `@supports (color:light-dark(#000,#fff)) and (color:color-mix(in oklab,#000,#fff)){.${accentClass(accent)}{${declared};accent-color:var(--color-accent)}}\n`;
}
