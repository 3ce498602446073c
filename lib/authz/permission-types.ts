import "server-only";
import { listPermissionRows } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

/** What every permission is about, by its key. */
export async function permissionTypes(db?: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await listPermissionRows(db);
  return new Map(rows.map(({ key, resourceType }) => [key, resourceType]));
}
