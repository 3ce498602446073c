import "server-only";
import { listHeldKeys } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/**
 * What the user administers by, in any organization, by whatever gives it. A permission that the
 * code does not declare counts as well: nobody knows what it is for.
 */
export async function listAdministrative(
  userId: string,
  author: Principal,
  permissions: readonly Permission[],
  tx: Db,
): Promise<string[]> {
  const harmless = new Set(
    permissions.filter(({ administrative }) => administrative !== true).map(({ key }) => key),
  );
  return (await listHeldKeys(userId, author, tx)).filter((key) => !harmless.has(key));
}
