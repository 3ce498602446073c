import "server-only";

const counted = (count: number, unit: string): string =>
  `${count} ${unit}${count === 1 ? "" : "s"}`;

/** "2 hours", "90 minutes", "3 days": exact, in the largest unit that is. */
export function durationWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes % (24 * 60) === 0) return counted(minutes / (24 * 60), "day");
  return minutes % 60 === 0 ? counted(minutes / 60, "hour") : counted(minutes, "minute");
}
