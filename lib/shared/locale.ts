/** The languages that the program speaks, each named as those who speak it do. */
export const LOCALE_NAMES = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  ja: "日本語",
  ar: "العربية",
} as const;

export type Locale = keyof typeof LOCALE_NAMES;
export const LOCALES = Object.keys(LOCALE_NAMES) as readonly Locale[];
export const DEFAULT_LOCALE: Locale = "en";

/** Holds what was chosen on a page for everybody. No secret: it is a preference. */
export const LOCALE_COOKIE = "gatehouse_locale";

export const isLocale = (value: unknown): value is Locale =>
  typeof value === "string" && Object.hasOwn(LOCALE_NAMES, value);

export const directionOf = (locale: Locale): "ltr" | "rtl" => (locale === "ar" ? "rtl" : "ltr");

// Days before months, and digits that can be typed back into a form: codes and dates use them too.
const FORMATS: Record<Locale, string> = {
  en: "en-GB",
  de: "de",
  es: "es",
  fr: "fr",
  ja: "ja",
  ar: "ar-u-nu-latn",
};

/** What `Intl` formats dates, numbers and plurals by (BCP 47). */
export const formatLocale = (locale: Locale): string => FORMATS[locale];

/** More than any browser sends; the rest of a longer header is not read. */
const RANGES_MAX = 20;

/**
 * The first language of an Accept-Language header that the program speaks, by weight and then by
 * place (RFC 9110 §12.5.4, lookup of RFC 4647 §3.4); null for none.
 */
function acceptedLocale(header: string): Locale | null {
  const ranges = header.split(",", RANGES_MAX).map((part) => {
    const [tag = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return {
      language: tag.split("-", 1)[0]?.toLowerCase(),
      weight: weight ? Number(weight.slice(2)) : 1,
    };
  });
  const wanted = ranges
    .filter(({ language, weight }) => isLocale(language) && weight > 0)
    .sort((a, b) => b.weight - a.weight)[0]?.language;
  return isLocale(wanted) ? wanted : null;
}

/** The language of a request: what its reader chose, else what their browser asks for, else English. */
export const chooseLocale = ({
  setting,
  cookie,
  acceptLanguage,
}: {
  /** Of the signed-in user. */
  setting?: Locale | null;
  cookie?: string;
  acceptLanguage?: string | null;
}): Locale => {
  if (setting) return setting;
  if (isLocale(cookie)) return cookie;
  return acceptedLocale(acceptLanguage ?? "") ?? DEFAULT_LOCALE;
};

/** By what texts and times are written for somebody. */
export interface Language {
  locale: Locale;
  /** IANA. */
  timeZone: string;
}
