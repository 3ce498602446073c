import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { deleteTimedGrant, upsertTimedGrant } from "@/lib/users/user-roles-store";

export interface TimedGrant {
  userId: string;
  roleId: string;
  /** It holds there and nowhere else. */
  organizationId: string;
  grantedById: string;
  seconds: number;
}

/**
 * Gives the role until the time is over, by the database's clock: evaluation leaves it out from then on,
 * without anything having to run. A grant for a time that lasts longer stays as it is. Null, and
 * nothing is done, where the user has the role for good. For use within a guarded change.
 */
export const grantForATime = (
  grant: TimedGrant,
  tx: Db,
): Promise<{ id: string; expiresAt: Date } | null> => upsertTimedGrant(grant, tx);

/** Ends such a grant at once; false when it is gone or has run out. What is for good stays. */
export const endTimedGrant = (grantId: string, tx: Db): Promise<boolean> =>
  deleteTimedGrant(grantId, tx);
