import "server-only";
import { listPermissionRows } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

/** What all permissions are for that the code checks, by their keys and in their order. */
export const listPermissionKeys = async (db?: Db): Promise<Map<string, string>> =>
  new Map((await listPermissionRows(db)).map(({ key, description }) => [key, description]));
