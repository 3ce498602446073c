import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { ownerFieldOf } from "@/lib/authz/resource-types";
import {
  type CountedRole,
  findCountedRole,
  listPermissionRows,
  listRoleRows,
  listRolesCalled,
  type RoleRow,
  withUserCounts,
} from "@/lib/authz/role-store";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

export type Role = CountedRole;

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  name: CursorText,
  id: z.uuid(),
});

export type RoleListingResult =
  | { outcome: "listed"; roles: Role[]; nextCursor: string | null; previousCursor: string | null }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of the roles that the caller's organization can use, by name. */
export async function listRoles(
  caller: Caller,
  { cursor, limit }: PageRequest,
): Promise<RoleListingResult> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const rows = await listRoleRows(caller.principal.organizationId, place, limit + 1);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (role: RoleRow | null, walk: Walk) =>
    role && encodeCursor({ walk, name: role.name, id: role.id });
  return {
    outcome: "listed",
    roles: await withUserCounts(items, caller.principal.organizationId),
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** The first of the roles that the caller's organization can use and that are called so, by name. */
export async function searchRoles(
  caller: Caller,
  q: string,
  countMax: number,
): Promise<{ id: string; name: string }[]> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  return listRolesCalled(q, caller.principal.organizationId, countMax);
}

/** The role, or null when there is none that this organization can use (ATK-43). */
export async function findRole(caller: Caller, roleId: string): Promise<Role | null> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  return findCountedRole(roleId, caller.principal.organizationId);
}

export interface PermissionEntry {
  key: string;
  description: string;
  resourceType: string;
  /** Whether a grant of it can be limited to records that the holder owns. */
  ownable: boolean;
}

/** Every permission that the code checks, by key. */
export async function listPermissions(caller: Caller): Promise<PermissionEntry[]> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  const rows = await listPermissionRows();
  return rows.map(({ key, description, resourceType }) => ({
    key,
    description,
    resourceType,
    ownable: ownerFieldOf(resourceType) !== undefined,
  }));
}
