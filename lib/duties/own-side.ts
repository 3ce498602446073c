import "server-only";
import { isAllowedSide, sidesOf } from "@/lib/authz/duty-clashes";
import { holdsEverything } from "@/lib/authz/holds-everything";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import type { DutyConflict } from "@/lib/duties/duty-store";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

type Sides = Pick<DutyConflict, "leftKeys" | "rightKeys">;

/** Whether something that could not be held together before can be afterwards. */
export function isNarrowed(before: Sides, after: Sides): boolean {
  const parts = (left: string, right: string) =>
    after.leftKeys.includes(left) && after.rightKeys.includes(right);
  return before.leftKeys.some((left) =>
    before.rightKeys.some((right) => !parts(left, right) && !parts(right, left)),
  );
}

/**
 * Whether the conflict is in the caller's own way: they hold a side of it where it holds, by whatever
 * path and on whatever condition. It is in nobody's way who holds everything already.
 */
export async function isInOwnWay(
  { principal }: Caller,
  conflict: DutyConflict,
  tx: Db,
): Promise<boolean> {
  const { organizationId, leftKeys, rightKeys } = conflict;
  if (await holdsEverything(principal.userId, tx)) return false;
  const keys = new Set([...leftKeys, ...rightKeys]);
  const held = await listOwnHoldings(principal, tx);
  const holds = held.some(
    (holding) =>
      keys.has(holding.permissionKey) &&
      (organizationId === null ||
        holding.organizationId === null ||
        holding.organizationId === organizationId),
  );
  if (holds) return true;
  const sides = await sidesOf([conflict], tx);
  const asker = {
    kind: principal.means === "service" ? ("service" as const) : ("user" as const),
    id: principal.userId,
  };
  return isAllowedSide(asker, principal.organizationId, sides(conflict), tx);
}
