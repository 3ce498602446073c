import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { LanguageProvider } from "@/components/locale/language-provider";
import type { Area } from "@/lib/platform/locale/translator";
import type { Locale } from "@/lib/shared/locale";
import { clientWords } from "@/tests/support/client-words";

/** The markup of a page that waits for nothing, with the areas of the catalogue that it says words of. */
export const renderPage = (
  page: ReactNode,
  areas: readonly Area[],
  locale: Locale = "en",
): string =>
  renderToStaticMarkup(
    <LanguageProvider language={{ locale, timeZone: "UTC" }} words={clientWords(areas, locale)}>
      {page}
    </LanguageProvider>,
  );
