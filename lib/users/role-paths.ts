import "server-only";
import { authorize } from "@/lib/authz/authorize";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { listRolePathRows, type RolePath } from "@/lib/users/role-path-store";
import { askedUser } from "@/lib/users/user-resource";

export type { RolePath };

/** More ways than anybody reads; the page of all access has each of them. */
export const ROLE_PATHS_MAX = 50;

/**
 * The roles that the user has in the caller's organization, each with a way by which it comes:
 * given to them, or to a team that they are within, or inherited by one of these (F90). The ways
 * that are given come first. In one round trip.
 */
export async function listRolePaths(caller: Caller, userId: string): Promise<RolePath[]> {
  await authorize(caller, USER_PERMISSIONS.view, await askedUser(caller, userId));
  return listRolePathRows(userId, caller.principal.organizationId, ROLE_PATHS_MAX + 1);
}
