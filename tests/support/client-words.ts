import { readFileSync } from "node:fs";
import path from "node:path";
import compile from "icu-minify/compile";
import type { Area } from "@/lib/platform/locale/translator";
import type { Locale } from "@/lib/shared/locale";

export { translatorFor } from "@/lib/platform/locale/translator";

const MESSAGES = path.resolve(import.meta.dirname, "../../messages");

type Tree = { [key: string]: string | Tree };

const compiled = (tree: Tree): object =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === "string" ? compile(value) : compiled(value),
    ]),
  );

const readArea = (locale: Locale, area: Area): object =>
  compiled(JSON.parse(readFileSync(path.join(MESSAGES, locale, `${area}.json`), "utf8")) as Tree);

/** Areas of the catalogue as a browser gets them: for a `LanguageProvider`. */
export const clientWords = (
  areas: readonly Area[],
  locale: Locale = "en",
): Record<string, unknown> =>
  Object.fromEntries(areas.map((area) => [area, readArea(locale, area)]));
