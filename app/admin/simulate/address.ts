import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import { instantOf, type SimulateListing } from "@/app/admin/simulate/listing.schema";
import type { Circumstances } from "@/lib/decisions/imagine-caller";
import { AAL1, AAL2, AAL3 } from "@/lib/shared/assurance";

export const SIMULATE_PATH = "/admin/simulate";

const CLASSES = { "1": AAL1, "2": AAL2, "3": AAL3 } as const;

/** Somebody who signed in by a password just now, unless it says otherwise. */
export function circumstancesIn(listing: SimulateListing): Circumstances {
  const at = listing.at === undefined ? null : instantOf(listing.at);
  const minutesAgo = listing.age ?? 0;
  return {
    at,
    ip: listing.ip ?? null,
    means: listing.means ?? "session",
    acr: CLASSES[listing.level ?? "1"],
    authTime: new Date((at ?? new Date()).getTime() - minutesAgo * 60_000),
  };
}

export const simulateHref = ({ age, ...listing }: SimulateListing): string =>
  listingHref(SIMULATE_PATH, { ...listing, age: age === undefined ? undefined : String(age) });
