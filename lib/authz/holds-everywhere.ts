import "server-only";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/**
 * Whether the caller holds the permission on the whole instance and without a condition: for what
 * is of no organization, or of every one. Who holds it in an organization holds it there alone.
 */
export async function holdsEverywhere(
  { principal }: Caller,
  { key }: Pick<Permission, "key">,
): Promise<boolean> {
  const held = await inTransaction((tx) => listOwnHoldings(principal, tx));
  return held.some(
    ({ permissionKey, organizationId, condition }) =>
      permissionKey === key && organizationId === null && condition === null,
  );
}
