import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { forNow } from "@/lib/authz/holdings";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { changeRole, type RoleRejection } from "@/lib/authz/role-change";
import { withUserCounts } from "@/lib/authz/role-store";
import { requiredForRoles } from "@/lib/authz/usable-roles";
import { checkWithinOwn } from "@/lib/authz/within-own";
import { writeRoleDeletion } from "@/lib/authz/write-role";
import type { Caller } from "@/lib/shared/caller";

export type RoleDeletion = { outcome: "deleted" } | RoleRejection;

/** Deletes a role; whoever had it loses it in the same instant. */
export async function deleteRole(
  caller: Caller,
  roleId: string,
  terms: ChangeTerms,
): Promise<RoleDeletion> {
  return changeRole(caller, roleId, terms, async (role, tx): Promise<RoleDeletion> => {
    const beyond = await checkWithinOwn(
      asCaller(caller),
      ROLE_PERMISSIONS.manage,
      forNow(await requiredForRoles([role], role.organizationId, tx)),
      { type: "role", id: roleId },
      tx,
    );
    if (beyond !== null) return beyond;
    const [counted] = await withUserCounts([role], caller.principal.organizationId, tx);
    await writeRoleDeletion(asCaller(caller), role, counted?.userCount ?? 0, tx);
    return { outcome: "deleted" };
  });
}
