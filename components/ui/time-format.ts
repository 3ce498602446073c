import { formatLocale, type Language } from "@/lib/shared/locale";

// A formatter costs far more to make than to use, and there are few languages and zones.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(
  { locale, timeZone }: Language,
  name: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${name} ${locale} ${timeZone}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(formatLocale(locale), { ...options, timeZone });
  formatters.set(key, made);
  return made;
}

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const MOMENT = { ...DAY, hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["week", 7 * 24 * 60 * 60],
  ["day", 24 * 60 * 60],
  ["hour", 60 * 60],
  ["minute", 60],
];
const RELATIVE_SECONDS_MAX = 28 * 24 * 60 * 60;

const UTC: Language = { locale: "en", timeZone: "UTC" };

/** In the reader's zone and naming it, so that two people who compare logs read the same. */
export const absoluteTime = (at: Date, language: Language = UTC): string =>
  formatterOf(language, "moment", MOMENT).format(at);

/** The day in the reader's zone. */
export const dayOf = (at: Date, language: Language = UTC): string =>
  formatterOf(language, "day", DAY).format(at);

/**
 * "3 minutes ago", and null within the last one; beyond four weeks the day, because "7 weeks ago"
 * helps nobody.
 */
export function relativeTime(at: Date, now: number, language: Language = UTC): string | null {
  const seconds = Math.round((at.getTime() - now) / 1000);
  const distance = Math.abs(seconds);
  if (distance > RELATIVE_SECONDS_MAX) return dayOf(at, language);
  const step = STEPS.find(([, length]) => distance >= length);
  if (!step) return null;
  const [unit, length] = step;
  return new Intl.RelativeTimeFormat(formatLocale(language.locale), { numeric: "auto" }).format(
    Math.trunc(seconds / length),
    unit,
  );
}
