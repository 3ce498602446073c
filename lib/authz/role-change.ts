import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type ChangeTerms, type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { forNow, toReach } from "@/lib/authz/holdings";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import {
  type CountedRole,
  findCountedRole,
  findRoleRow,
  type RoleRow,
} from "@/lib/authz/role-store";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

export type RoleRejection =
  | { outcome: "not-found" }
  /** Somebody changed the role since it was read. */
  | { outcome: "rejected"; reason: "stale"; version: number }
  | BeyondOwn
  | GuardRejection;

/**
 * Changes a role that is within what the caller holds: one that gives more is
 * somebody else's to change, however little the change is (ATK-42).
 */
export async function changeRole<T>(
  caller: Caller,
  roleId: string,
  terms: ChangeTerms,
  work: (role: RoleRow, tx: Db) => Promise<T>,
): Promise<T | RoleRejection> {
  await authorize(caller, ROLE_PERMISSIONS.manage);
  const authority = asCaller(caller);
  const change = async (tx: Db): Promise<T | RoleRejection> => {
    const role = await findRoleRow(roleId, caller.principal.organizationId, tx);
    if (role === null) return { outcome: "not-found" };
    if (terms.expectedVersion !== null && terms.expectedVersion !== role.version) {
      return { outcome: "rejected", reason: "stale", version: role.version };
    }
    const required = forNow([
      ...holdingsOfRole(role, role.organizationId),
      ...toReach(ROLE_PERMISSIONS.manage, role.organizationId),
    ]);
    const target = { type: "role", id: roleId };
    const beyond = await checkWithinOwn(authority, ROLE_PERMISSIONS.manage, required, target, tx);
    return beyond ?? work(role, tx);
  };
  return inGuardedChange(authority, terms.confirmed, change, terms.probe);
}

/** The role as the change has left it. */
export async function changedRole(
  caller: Caller,
  roleId: string,
  tx: Db,
): Promise<{ outcome: "changed"; role: CountedRole }> {
  const role = await findCountedRole(roleId, caller.principal.organizationId, tx);
  if (role === null) throw new Error("a role was not there after it was changed");
  return { outcome: "changed", role };
}
