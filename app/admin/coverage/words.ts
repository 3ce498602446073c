import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import type { Translator } from "@/lib/platform/locale/translator";

type Known = Parameters<Translator<"admin-coverage.areas">>[0];

/** What areas are called; one that a feature brings along, as its folder is. */
export async function getAreaWords(): Promise<(area: string) => string> {
  const t = await getTranslations("admin-coverage.areas");
  return (area) => (t.has(area as Known) ? t(area as Known) : area);
}
