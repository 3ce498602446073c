import "server-only";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations } from "@/app/_locale/translations";
import { loadArea, type Translator } from "@/lib/platform/locale/translator";
import { DEFAULT_LOCALE } from "@/lib/shared/locale";

type Known = Parameters<Translator<"validation">>[0];

/**
 * What a schema says of a field, in the language of the request. Schemas speak English, as programs
 * read them too; the catalogue has the same sentences, and by them their translations are found.
 */
export async function validationWords(english: string): Promise<string> {
  const { locale } = await requestLanguage();
  if (locale === DEFAULT_LOCALE) return english;
  const known = Object.entries(await loadArea(DEFAULT_LOCALE, "validation"));
  const key = known.find(([, words]) => words === english)?.[0];
  return key === undefined ? english : (await getTranslations("validation"))(key as Known);
}
