import "server-only";
import { isIP } from "node:net";
import { z } from "zod";
import { listingHref } from "@/app/_http/listing-address";
import type { Circumstances } from "@/lib/decisions/imagine-caller";
import { AAL1, AAL2, AAL3 } from "@/lib/shared/assurance";

export const SIMULATE_PATH = "/admin/simulate";

const Text = z
  .string()
  .trim()
  .min(1)
  .max(200, "That is too long.")
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "Use one line of text.");

export const LEVELS = { "1": AAL1, "2": AAL2, "3": AAL3 } as const;
export const MEANS = ["session", "app", "personal-token"] as const;
const TIME = "Use a time like 2027-01-31T12:00 (UTC).";

/** What is tried out, as the address says it. */
export const SimulateListing = z.object({
  type: z.enum(["user", "service"], "Choose a user or a service account.").optional(),
  subject: Text.optional(),
  permission: Text.optional(),
  record: Text.optional(),
  at: z
    .string()
    .refine((text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) && instant(text) !== null, TIME)
    .optional(),
  ip: z
    .string()
    .refine((text) => isIP(text) !== 0, "Use an address like 192.0.2.1.")
    .optional(),
  means: z.enum(MEANS, "Choose how they come.").optional(),
  level: z.enum(["1", "2", "3"], "Choose how they have proven who they are.").optional(),
  age: z.coerce
    .number("Use a number of minutes.")
    .int("Use a number of minutes.")
    .min(0)
    .max(525_600, "Use at most a year.")
    .optional(),
});
export type SimulateListing = z.output<typeof SimulateListing>;

function instant(text: string): Date | null {
  const at = new Date(`${text}:00Z`);
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1970 ? null : at;
}

/** Somebody who signed in by a password just now, unless it says otherwise. */
export function circumstancesIn(listing: SimulateListing): Circumstances {
  const at = listing.at === undefined ? null : instant(listing.at);
  const minutesAgo = listing.age ?? 0;
  return {
    at,
    ip: listing.ip ?? null,
    means: listing.means ?? "session",
    acr: LEVELS[listing.level ?? "1"],
    authTime: new Date((at ?? new Date()).getTime() - minutesAgo * 60_000),
  };
}

export const simulateHref = ({ age, ...listing }: SimulateListing): string =>
  listingHref(SIMULATE_PATH, { ...listing, age: age === undefined ? undefined : String(age) });
