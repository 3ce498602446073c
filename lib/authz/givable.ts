import "server-only";
import { deniedKeysOf, type Standing, standingIn, standingOf } from "@/lib/authz/ask-within";
import { type Holding, missingFrom } from "@/lib/authz/holdings";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

/** What the caller can pass on, now: what every offer of roles, teams and people is measured by. */
export const listGivable = async (
  caller: Caller,
  tx: Db,
  required: Holding[] = [],
): Promise<Holding[]> => listUndenied(caller, await standingOf(caller, tx), required, tx);

/**
 * What the caller's roles give them, less what a policy denies them whatever the record: it is not
 * theirs to pass on either. What is required in other organizations is taken off where it is denied
 * there.
 */
export async function listUndenied(
  caller: Caller,
  standing: Standing,
  required: Holding[],
  tx: Db,
): Promise<Holding[]> {
  const denied = deniedKeysOf(standing);
  const held = (await listOwnHoldings(caller.principal, tx)).filter(
    ({ permissionKey }) => !denied.has(permissionKey),
  );
  const here = caller.principal.organizationId;
  const places = new Set<string>();
  for (const needed of required) {
    const { organizationId } = needed;
    if (organizationId === null || organizationId === here) continue;
    // What they do not hold there needs no denial.
    if (missingFrom(held, [needed]).length === 0) places.add(organizationId);
  }
  if (places.size === 0) return held;
  const deniedIn = new Map<string, Set<string>>();
  for (const place of places) {
    deniedIn.set(place, deniedKeysOf(await standingIn(caller, place, tx)));
  }
  return held.flatMap((holding): Holding[] => {
    const { permissionKey, organizationId } = holding;
    const isDenied = (place: string) => deniedIn.get(place)?.has(permissionKey) === true;
    if (organizationId !== null) return isDenied(organizationId) ? [] : [holding];
    const without = [...places].filter((place) => !isDenied(place));
    if (without.length === places.size) return [holding];
    // Not on the whole instance any more, as far as anybody asks.
    return [here, ...without].map((place) => ({ ...holding, organizationId: place }));
  });
}
