"use client";

import formatMessage, { type CompiledMessage, type FormatValues } from "icu-minify/format";
import { cloneElement, isValidElement, type ReactNode, useContext, useMemo } from "react";
import type { createTranslator, Messages, NamespaceKeys, NestedKeyOf } from "use-intl/core";
import { useLanguage, WordsContext } from "@/components/locale/language-provider";
import { formatLocale, type Language } from "@/lib/shared/locale";

export { useLanguage } from "@/components/locale/language-provider";

type Namespace = NamespaceKeys<Messages, NestedKeyOf<Messages>>;
type Translator<N extends Namespace> = ReturnType<typeof createTranslator<Messages, N>>;
type Values = FormatValues<ReactNode>;

/** Formatters are slow to make, and few are needed. */
function once<A extends unknown[], T>(make: (...given: A) => T): (...given: A) => T {
  const made = new Map<string, T>();
  return (...given) => {
    const key = JSON.stringify(given);
    const known = made.get(key) ?? make(...given);
    made.set(key, known);
    return known;
  };
}

const formatters = {
  getDateTimeFormat: once(
    (...given: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
      new Intl.DateTimeFormat(...given),
  ),
  getNumberFormat: once(
    (...given: ConstructorParameters<typeof Intl.NumberFormat>) => new Intl.NumberFormat(...given),
  ),
  getPluralRules: once(
    (...given: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...given),
  ),
};

/** What stands at a path. A word that is missing is a defect, and not a page that shows its key. */
function wordsAt(words: unknown, path: string): unknown {
  const found = path
    .split(".")
    .reduce<unknown>((above, key) => (above as Record<string, unknown> | undefined)?.[key], words);
  if (found === undefined) throw new Error(`The page was not given the words ${path}`);
  return found;
}

/** React wants a key for each element among the chunks of a sentence. */
function keyed(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Values[string]] => {
      if (typeof value !== "function") return [name, value];
      let count = 0;
      const chunk = (chunks: ReactNode[]): ReactNode => {
        const made = value(chunks);
        count += 1;
        return isValidElement(made) ? cloneElement(made, { key: `${name}${count}` }) : made;
      };
      return [name, chunk];
    }),
  );
}

function translatorOf(words: unknown, namespace: string, { locale, timeZone }: Language) {
  const area = wordsAt(words, namespace);
  const rich = (key: string, values: Values = {}): ReactNode =>
    formatMessage<ReactNode>(
      wordsAt(area, key) as CompiledMessage,
      formatLocale(locale),
      keyed(values),
      { formatters, timeZone },
    );
  const say = (key: string, values?: Values): string => rich(key, values) as string;
  return Object.assign(say, { rich });
}

/**
 * Says the words of a namespace of the catalogue in the language of the page. It is a part of what
 * the translator of the server does: that would be more to load than all that it says.
 */
export function useTranslations<N extends Namespace>(namespace: N): Translator<N> {
  const words = useContext(WordsContext);
  const language = useLanguage();
  return useMemo(
    () => translatorOf(words, namespace, language) as unknown as Translator<N>,
    [words, namespace, language],
  );
}
