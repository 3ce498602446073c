import "server-only";
import { missingFrom } from "@/lib/authz/holdings";
import { listHoldings } from "@/lib/authz/holdings-store";
import { listPermissionRows } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

/** Whether the user's roles give every permission, without a condition, on the whole instance. */
export async function holdsEverything(userId: string, tx: Db): Promise<boolean> {
  const permissions = await listPermissionRows(tx);
  const everything = permissions.map(({ key }) => ({
    permissionKey: key,
    condition: null,
    organizationId: null,
  }));
  return missingFrom(await listHoldings(userId, tx), everything).length === 0;
}
