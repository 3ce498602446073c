import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import type { Translator } from "@/lib/platform/locale/translator";
import { COUNT_MAX } from "@/lib/shared/bounded-count";

/** A count of at most one more than `COUNT_MAX`, in words. */
export const upTo = (t: Translator<"admin-counts">, count: number): string =>
  count > COUNT_MAX ? t("moreThan", { count: COUNT_MAX }) : String(count);

/** The same in the language of the request. */
export async function getCountWords(): Promise<(count: number) => string> {
  const t = await getTranslations("admin-counts");
  return (count) => upTo(t, count);
}
