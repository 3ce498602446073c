import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { type ChangeTerms, changeRole, type RoleRejection } from "@/lib/authz/role-change";
import { describeGrants } from "@/lib/authz/role-grants";
import { deleteRoleRow, withUserCounts } from "@/lib/authz/role-store";
import type { Caller } from "@/lib/shared/caller";

export type RoleDeletion = { outcome: "deleted" } | RoleRejection;

/** Deletes a role; whoever had it loses it in the same instant. */
export async function deleteRole(
  caller: Caller,
  roleId: string,
  terms: ChangeTerms,
): Promise<RoleDeletion> {
  return changeRole(caller, roleId, terms, async (role, tx): Promise<RoleDeletion> => {
    const [counted] = await withUserCounts([role], caller.principal.organizationId, tx);
    await deleteRoleRow(roleId, tx);
    await recordEvent(
      {
        action: "role.deleted",
        outcome: "success",
        actor: actorOf(asCaller(caller)),
        target: { type: "role", id: roleId },
        before: {
          name: role.name,
          description: role.description,
          permissions: describeGrants(role.grants),
          userCount: counted?.userCount ?? 0,
        },
      },
      caller.request,
      tx,
    );
    return { outcome: "deleted" };
  });
}
