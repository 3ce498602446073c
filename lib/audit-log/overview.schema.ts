import { z } from "zod";
import { days, hours } from "@/lib/shared/duration";

/** Periods that end now, and the steps in which they are shown. */
export const RANGES = {
  "24h": { seconds: days(1), stepSeconds: hours(1) },
  "7d": { seconds: days(7), stepSeconds: hours(6) },
  "30d": { seconds: days(30), stepSeconds: days(1) },
  "90d": { seconds: days(90), stepSeconds: days(3) },
} as const;
export type Range = keyof typeof RANGES;

export const RANGE_NAMES = Object.keys(RANGES) as Range[];

export const OverviewListing = z.strictObject({
  range: z.enum(["24h", "7d", "30d", "90d"], "Choose 24h, 7d, 30d or 90d.").default("7d"),
});
