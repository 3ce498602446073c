"use client";

import { chooseLocale, LOCALE_COOKIE, type Locale } from "@/lib/shared/locale";
import ar from "@/messages/ar/failure.json";
import de from "@/messages/de/failure.json";
import en from "@/messages/en/failure.json";
import es from "@/messages/es/failure.json";
import fr from "@/messages/fr/failure.json";
import ja from "@/messages/ja/failure.json";

const WORDS = { en, de, es, fr, ja, ar };

/** What the browser knows of its reader: the server may have failed before it could say. */
export function readFailureWords(): { locale: Locale; failure: typeof en } {
  const cookie = document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${LOCALE_COOKIE}=`))
    ?.slice(LOCALE_COOKIE.length + 1);
  const locale = chooseLocale({ cookie, acceptLanguage: navigator.languages.join(",") });
  return { locale, failure: WORDS[locale] };
}
