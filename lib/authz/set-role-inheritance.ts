import "server-only";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { wayRound } from "@/lib/authz/inheritance-ways";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { changedRole, changeRole, type RoleRejection } from "@/lib/authz/role-change";
import { listHeirRows } from "@/lib/authz/role-inheritance-store";
import { type CountedRole, findRoleRows, type RoleRow } from "@/lib/authz/role-store";
import { requiredForRoles } from "@/lib/authz/usable-roles";
import { checkWithinOwn } from "@/lib/authz/within-own";
import { writeInheritance } from "@/lib/authz/write-role";
import type { Db } from "@/lib/platform/db/client";
import { isCheckViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";

export type InheritanceRejection =
  /** The role would give itself: the names on the way round, the role's own first and last. */
  | { outcome: "rejected"; reason: "role-cycle"; way: string[] }
  /** There is none that a role in this place can inherit. */
  | { outcome: "rejected"; reason: "unknown-role" };

export type RoleInheritanceChange =
  | { outcome: "changed"; role: CountedRole }
  | InheritanceRejection
  | RoleRejection;

/**
 * Makes the role inherit exactly these roles, as one change (F90). Everything that they give, at
 * any distance, and all that is decided by who has them, must be within what the caller holds where
 * the role holds (ATK-42), of those that come as of those that go, and no way may lead back to the
 * role itself.
 */
export async function setRoleInheritance(
  caller: Caller,
  roleId: string,
  inherits: readonly string[],
  terms: ChangeTerms,
): Promise<RoleInheritanceChange> {
  const wanted = [...new Set(inherits)];
  const authority = asCaller(caller);
  try {
    return await changeRole(caller, roleId, terms, async (role, tx) => {
      const inherited = await findInheritable(role, wanted, caller, tx);
      if (inherited === null) return { outcome: "rejected", reason: "unknown-role" };
      const roles = await listHeirRows(caller.principal.organizationId, tx);
      const way = wayRound(roleId, wanted, roles);
      if (way !== null) return { outcome: "rejected", reason: "role-cycle", way };
      const { organizationId: own } = caller.principal;
      const left = await findRoleRows(
        role.inherits.filter((id) => !wanted.includes(id)),
        own,
        tx,
      );
      const beyond = await checkWithinOwn(
        authority,
        ROLE_PERMISSIONS.manage,
        await requiredForRoles([...inherited, ...left], role.organizationId, tx),
        { type: "role", id: roleId },
        tx,
      );
      if (beyond !== null) return beyond;
      await writeInheritance(authority, role, wanted, roles, tx);
      return changedRole(caller, roleId, tx);
    });
  } catch (error) {
    // Somebody past this use case was faster: the database keeps the way from closing.
    if (isCheckViolation(error)) return { outcome: "rejected", reason: "role-cycle", way: [] };
    throw error;
  }
}

/**
 * The roles with these ids, or null when one of them is none that such a role can inherit: one of the
 * instance would hand out in every organization what one organization's role says (ATK-43).
 */
export async function findInheritable(
  { organizationId }: Pick<RoleRow, "organizationId">,
  ids: string[],
  caller: Caller,
  tx: Db,
): Promise<RoleRow[] | null> {
  const roles = await findRoleRows(ids, caller.principal.organizationId, tx);
  const fits = roles.every(
    (role) => role.organizationId === null || role.organizationId === organizationId,
  );
  return roles.length === ids.length && fits ? roles : null;
}
