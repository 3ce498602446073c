import "server-only";
import type { Metadata } from "next";
import { cache, use } from "react";
import { requestLanguage } from "@/app/_locale/request-language";
import { type Namespace, type Translator, translatorFor } from "@/lib/platform/locale/translator";
import type { Language } from "@/lib/shared/locale";

const requestTranslator = cache(async (namespace: Namespace) => {
  const { locale, timeZone } = await requestLanguage();
  return translatorFor(locale, namespace, timeZone);
});

/** The words of a part of the catalogue in the language of this request: for pages and actions. */
export const getTranslations = <N extends Namespace>(namespace: N): Promise<Translator<N>> =>
  requestTranslator(namespace) as Promise<unknown> as Promise<Translator<N>>;

/** The same within a component that is not async; in the browser `#translations` means another. */
export const useTranslations = <N extends Namespace>(namespace: N): Translator<N> =>
  use(getTranslations(namespace));

export const useLanguage = (): Language => use(requestLanguage());

/** The title of a page: `export const generateMetadata = titled("auth.signIn")`. */
export const titled =
  (namespace: Titled, more: Metadata = {}) =>
  async (): Promise<Metadata> => ({
    ...more,
    title: (await getTranslations(namespace as "auth.signIn"))("title"),
  });

/** Namespaces that have a title. */
type Titled = {
  [N in Namespace]: "title" extends Parameters<Translator<N>>[0] ? N : never;
}[Namespace];
