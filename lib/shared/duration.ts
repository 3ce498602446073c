/** Durations in seconds, named after the unit they are given in. */
export const seconds = (count: number): number => count;
export const minutes = (count: number): number => count * 60;
export const hours = (count: number): number => count * 3600;
export const days = (count: number): number => count * 86_400;

const UNIT_SECONDS: Record<string, number> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** Reads "10m", "14d", "3600s" as seconds; undefined when the text is no duration. */
export function parseDurationSeconds(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : UNIT_SECONDS[match[2]];
  return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit;
}
