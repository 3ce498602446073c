import "server-only";
import { DEFAULT_LOCALE, formatLocale, type Locale } from "@/lib/shared/locale";

/** "2 hours", "90 minutes", "3 days": exact, in the largest unit that is. */
export function durationWords(seconds: number, locale: Locale = DEFAULT_LOCALE): string {
  const counted = (count: number, unit: "day" | "hour" | "minute"): string =>
    new Intl.NumberFormat(formatLocale(locale), {
      style: "unit",
      unit,
      unitDisplay: "long",
      useGrouping: false,
    }).format(count);
  const minutes = Math.round(seconds / 60);
  if (minutes % (24 * 60) === 0) return counted(minutes / (24 * 60), "day");
  return minutes % 60 === 0 ? counted(minutes / 60, "hour") : counted(minutes, "minute");
}
