import "server-only";
import { isDeepStrictEqual } from "node:util";
import { asCaller } from "@/lib/authz/authority";
import type { ChangeTerms } from "@/lib/authz/guarded-change";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { changedRole, changeRole, type RoleRejection } from "@/lib/authz/role-change";
import { isNameTaken } from "@/lib/authz/role-name";
import type { CountedRole } from "@/lib/authz/role-store";
import { requiredForRoles } from "@/lib/authz/usable-roles";
import { checkWithinOwn } from "@/lib/authz/within-own";
import { fieldsOfRole, writeRoleFields } from "@/lib/authz/write-role";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;

export type RoleDescriptionChange =
  | { outcome: "changed"; role: CountedRole }
  | { outcome: "rejected"; reason: "name-taken" }
  | RoleRejection;

/** Changes what a role is called and asks for, and nothing that it gives. */
export async function describeRole(
  caller: Caller,
  roleId: string,
  change: {
    name?: string | undefined;
    description?: string | undefined;
    mfaRequired?: boolean | undefined;
    emergency?: boolean | undefined;
  },
  terms: ChangeTerms,
): Promise<RoleDescriptionChange> {
  try {
    return await changeRole(
      caller,
      roleId,
      terms,
      async (role, tx): Promise<RoleDescriptionChange> => {
        const before = fieldsOfRole(role);
        const { name, description, mfaRequired, emergency } = before;
        const after = {
          name: change.name ?? name,
          description: change.description ?? description,
          mfaRequired: change.mfaRequired ?? mfaRequired,
          emergency: change.emergency ?? emergency,
        };
        if (isDeepStrictEqual(after, before)) {
          return changedRole(caller, roleId, tx);
        }
        if (after.name !== name && (await isNameTaken(role, after.name, tx))) return NAME_TAKEN;
        if (after.emergency && !emergency) {
          // Whoever may break the glass will have it: all that it decides comes with it.
          const required = await requiredForRoles([role], role.organizationId, tx);
          const target = { type: "role", id: roleId };
          const permission = ROLE_PERMISSIONS.manage;
          const beyond = await checkWithinOwn(asCaller(caller), permission, required, target, tx);
          if (beyond !== null) return beyond;
        }
        await writeRoleFields(asCaller(caller), role, after, tx);
        return changedRole(caller, roleId, tx);
      },
    );
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
