"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Language } from "@/lib/shared/locale";

type Words = Readonly<Record<string, unknown>>;

const LanguageContext = createContext<Language>({ locale: "en", timeZone: "UTC" });

/** The areas of the catalogue that a page was given. */
export const WordsContext = createContext<Words>({});

/** By what client components write texts and times. */
export const useLanguage = (): Language => useContext(LanguageContext);

/**
 * Gives client components below it the language, and areas of the catalogue besides those that a
 * provider above gives. A browser gets no other words.
 */
export function LanguageProvider({
  language,
  words,
  children,
}: {
  language: Language;
  words: Words;
  children: ReactNode;
}) {
  const above = useContext(WordsContext);
  const all = useMemo(() => ({ ...above, ...words }), [above, words]);
  return (
    <LanguageContext value={language}>
      <WordsContext value={all}>{children}</WordsContext>
    </LanguageContext>
  );
}
