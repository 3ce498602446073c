import "server-only";
import type { ReactNode } from "react";
import { requestLanguage } from "@/app/_locale/request-language";
import { LanguageProvider } from "@/components/locale/language-provider";
import { type Area, loadArea } from "@/lib/platform/locale/translator";

/**
 * Sends areas of the catalogue to the browser, for the client components below. Those that are
 * on every page are sent by the root layout, everything else where it is used.
 */
export async function ClientWords({
  areas,
  children,
}: {
  areas: readonly Area[];
  children: ReactNode;
}) {
  const language = await requestLanguage();
  const words = await Promise.all(
    areas.map(async (area) => [area, await loadArea(language.locale, area)] as const),
  );
  return (
    <LanguageProvider language={language} words={Object.fromEntries(words)}>
      {children}
    </LanguageProvider>
  );
}
