const ABSOLUTE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});
const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["week", 7 * 24 * 60 * 60],
  ["day", 24 * 60 * 60],
  ["hour", 60 * 60],
  ["minute", 60],
];
const RELATIVE_SECONDS_MAX = 28 * 24 * 60 * 60;

/** In UTC and saying so: server and browser must agree, and so must two people who compare logs. */
export const absoluteTime = (at: Date): string => `${ABSOLUTE.format(at)} UTC`;

/** "3 minutes ago"; beyond four weeks the day, because "7 weeks ago" helps nobody. */
export function relativeTime(at: Date, now: number): string {
  const seconds = Math.round((at.getTime() - now) / 1000);
  const distance = Math.abs(seconds);
  if (distance > RELATIVE_SECONDS_MAX) return DAY.format(at);
  const step = STEPS.find(([, length]) => distance >= length);
  if (!step) return "just now";
  const [unit, length] = step;
  return RELATIVE.format(Math.trunc(seconds / length), unit);
}
