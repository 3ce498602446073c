import "server-only";
import { type Holding, missingFrom } from "@/lib/authz/holdings";
import { listHoldings } from "@/lib/authz/holdings-store";
import { listPermissionRows } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

/** Every permission, without a condition, on the whole instance. */
export async function listEverything(tx: Db): Promise<Holding[]> {
  const permissions = await listPermissionRows(tx);
  return permissions.map(({ key }) => ({
    permissionKey: key,
    condition: null,
    organizationId: null,
  }));
}

/** Whether the user's roles give every permission, without a condition, on the whole instance. */
export async function holdsEverything(userId: string, tx: Db): Promise<boolean> {
  return missingFrom(await listHoldings([userId], tx), await listEverything(tx)).length === 0;
}
