import "server-only";
import { DEFAULT_ROLES } from "@/lib/authz/role-defaults";
import {
  ensureInstance,
  grantKeys,
  insertRole,
  listPermissionIds,
  upsertPermissions,
} from "@/lib/authz/sync-store";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Permission } from "@/lib/shared/permission";

/**
 * Makes the permissions table equal to what the code declares, and gives an
 * empty database its organization and default roles. A permission that is new
 * in the code goes to the roles that hold every other one, so that an
 * administrator of everything stays one. Safe to run from many instances at once.
 */
export async function syncPermissions(declared: Permission[]): Promise<{ created: string[] }> {
  return inTransaction(async (tx) => {
    const first = await ensureInstance(tx);
    const created = await upsertPermissions(declared, tx);
    if (first) {
      const ids = await listPermissionIds(tx);
      for (const role of DEFAULT_ROLES) {
        const roleId = await insertRole(role, tx);
        const grants =
          role.permissions === "all"
            ? [...ids.keys()].map((key) => ({ key, condition: null }))
            : role.permissions;
        await grantKeys(roleId, grants, ids, tx);
      }
    }
    return { created };
  });
}
