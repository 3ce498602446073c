import "server-only";
import { findHeldRole, listHoldersOf } from "@/lib/authz/holders-store";
import { type Holding, missingFrom } from "@/lib/authz/holdings";
import { listHoldings } from "@/lib/authz/holdings-store";
import type { Db } from "@/lib/platform/db/client";
import type { Permission } from "@/lib/shared/permission";

/** Nobody is mailed by more than this many at a time. */
const CANDIDATES_MAX = 50;

/** Whether the user has the role in the organization, by whatever path. */
export const heldRole = (userId: string, roleId: string, organizationId: string, tx: Db) =>
  findHeldRole(userId, roleId, organizationId, tx);

/** People other than the user who hold the permission in the organization, and all of `required`; 50 at most. */
export async function findOthersHolding(
  permission: Permission,
  required: Holding[],
  { organizationId, userId }: { organizationId: string; userId: string },
  tx: Db,
): Promise<{ id: string; email: string }[]> {
  const holders = await listHoldersOf(permission.key, organizationId, userId, CANDIDATES_MAX, tx);
  const able: typeof holders = [];
  for (const holder of holders) {
    if (missingFrom(await listHoldings([holder.id], tx), required).length === 0) able.push(holder);
  }
  return able;
}
