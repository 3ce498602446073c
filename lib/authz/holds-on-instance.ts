import "server-only";
import { missingFrom, toReach } from "@/lib/authz/holdings";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/**
 * Whether the principal's roles give the permission on the whole instance, and not in an organization
 * alone: how far they see who may see at all. Whoever is allowed by a policy sees their organization.
 */
export async function holdsOnInstance(
  principal: Principal,
  permission: Permission,
  tx?: Db,
): Promise<boolean> {
  if (tx === undefined) return inTransaction((own) => holdsOnInstance(principal, permission, own));
  const held = await listOwnHoldings(principal, tx);
  return missingFrom(held, toReach(permission, null)).length === 0;
}
