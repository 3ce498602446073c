import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { missingFrom, toReach } from "@/lib/authz/holdings";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { RoleGrants } from "@/lib/authz/role.schema";
import {
  type GrantsRejection,
  holdingsFrom,
  holdingsOfRole,
  resolveGrants,
} from "@/lib/authz/role-grants";
import { isNameTaken } from "@/lib/authz/role-name";
import { type CountedRole, findCountedRole } from "@/lib/authz/role-store";
import { findInheritable } from "@/lib/authz/set-role-inheritance";
import { requiredForRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { writeNewRole } from "@/lib/authz/write-role";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

export interface NewRole {
  name: string;
  description: string;
  grants: RoleGrants;
  /** The roles that it inherits; none unless said. */
  inherits?: string[];
}

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;

export type RoleCreation =
  | { outcome: "created"; role: CountedRole }
  | { outcome: "rejected"; reason: "name-taken" }
  | { outcome: "rejected"; reason: "unknown-role" }
  | BeyondOwn
  | GrantsRejection
  | GuardRejection;

/**
 * Creates a role that gives at most what the caller holds (ATK-42). It can be
 * used in every organization when the caller holds all of that everywhere, and
 * otherwise in the caller's organization only.
 */
export async function createRole(caller: Caller, input: NewRole): Promise<RoleCreation> {
  await authorize(caller, ROLE_PERMISSIONS.manage);
  const { organizationId: own } = caller.principal;
  const { name, description, grants } = input;
  const wanted = [...new Set(input.inherits)];
  try {
    return await inGuardedChange(asCaller(caller), false, async (tx): Promise<RoleCreation> => {
      const resolved = await resolveGrants(grants, tx);
      if (resolved.outcome === "rejected") return resolved;
      const inherited = await findInheritable({ organizationId: own }, wanted, caller, tx);
      if (inherited === null) return { outcome: "rejected", reason: "unknown-role" };
      const required = (place: string | null) => [
        ...holdingsFrom(grants, place),
        ...toReach(ROLE_PERMISSIONS.manage, place),
        ...inherited.flatMap((role) => holdingsOfRole(role, place)),
      ];
      // What inherits from an organization's role holds in that organization.
      const isBound = inherited.some((role) => role.organizationId !== null);
      const held = await listOwnHoldings(caller.principal, tx);
      const organizationId = isBound || missingFrom(held, required(null)).length > 0 ? own : null;
      const beyond = await checkWithinOwn(
        asCaller(caller),
        ROLE_PERMISSIONS.manage,
        [...required(organizationId), ...(await requiredForRoles(inherited, organizationId, tx))],
        undefined,
        tx,
      );
      if (beyond !== null) return beyond;
      const id = newId();
      if (await isNameTaken({ id, organizationId }, name, tx)) return NAME_TAKEN;
      await writeNewRole(
        asCaller(caller),
        { id, organizationId, name, description, grants },
        inherited,
        resolved.permissionIds,
        tx,
      );
      const role = await findCountedRole(id, own, tx);
      if (role === null) throw new Error("a role was not there after it was created");
      return { outcome: "created", role };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}
