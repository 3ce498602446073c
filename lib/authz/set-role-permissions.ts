import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { changedRole, changeRole, type RoleRejection } from "@/lib/authz/role-change";
import { type GrantsRejection, holdingsFrom, resolveGrants } from "@/lib/authz/role-grants";
import type { CountedRole, RoleRow } from "@/lib/authz/role-store";
import { checkWithinOwn } from "@/lib/authz/within-own";
import { writeGrants } from "@/lib/authz/write-role";
import type { Caller } from "@/lib/shared/caller";

export type RolePermissionsChange =
  | { outcome: "changed"; role: CountedRole }
  | RoleRejection
  | GrantsRejection;

/** The grants to store, said outright or in terms of those that the role has now. */
export type WantedGrants = RoleGrants | ((present: RoleRow["grants"]) => RoleGrants);

/**
 * Makes the role give exactly these permissions, as one change: nobody ever has
 * half of it. What the role gives before and after must be within what the
 * caller holds, so nobody raises themselves through a role of their own (ATK-42).
 */
export async function setRolePermissions(
  caller: Caller,
  roleId: string,
  wanted: WantedGrants,
  terms: ChangeTerms,
): Promise<RolePermissionsChange> {
  return changeRole(caller, roleId, terms, async (role, tx): Promise<RolePermissionsChange> => {
    const grants = typeof wanted === "function" ? wanted(role.grants) : wanted;
    const resolved = await resolveGrants(grants, tx);
    if (resolved.outcome === "rejected") return resolved;
    const beyond = await checkWithinOwn(
      asCaller(caller),
      ROLE_PERMISSIONS.manage,
      holdingsFrom(grants, role.organizationId),
      { type: "role", id: roleId },
      tx,
    );
    if (beyond !== null) return beyond;
    await writeGrants(asCaller(caller), role, grants, resolved.permissionIds, tx);
    return changedRole(caller, roleId, tx);
  });
}
