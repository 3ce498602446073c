import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { changedRole, changeRole, type RoleRejection } from "@/lib/authz/role-change";
import {
  describeGrants,
  type GrantsRejection,
  holdingsFrom,
  resolveGrants,
} from "@/lib/authz/role-grants";
import {
  type CountedRole,
  type RoleRow,
  replaceGrants,
  updateRoleRow,
} from "@/lib/authz/role-store";
import { checkWithinOwn } from "@/lib/authz/within-own";
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
    const [before, after] = [describeGrants(role.grants), describeGrants(grants)];
    if (before.join() === after.join()) return changedRole(caller, roleId, tx);
    await replaceGrants(roleId, role.grants, grants, resolved.permissionIds, tx);
    await updateRoleRow(roleId, {}, tx);
    await recordChange(
      caller,
      {
        action: "role.permissions_changed",
        target: { type: "role", id: roleId },
        before: { permissions: before },
        after: { permissions: after },
      },
      tx,
    );
    return changedRole(caller, roleId, tx);
  });
}
