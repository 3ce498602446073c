import "server-only";
import { grantRolesIn, insertMembership } from "@/lib/memberships/membership-store";
import type { Db } from "@/lib/platform/db/client";

/**
 * Makes a user a member, with roles that hold in that organization and nowhere else. Whoever calls
 * has checked who may, in this transaction.
 */
export async function joinOrganization(
  userId: string,
  organizationId: string,
  roleIds: string[],
  grantedById: string | null,
  tx: Db,
): Promise<void> {
  await insertMembership(userId, organizationId, tx);
  await grantRolesIn(userId, roleIds, grantedById, organizationId, tx);
}
