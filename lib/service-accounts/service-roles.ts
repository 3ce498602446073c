import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { holdsOnInstance } from "@/lib/authz/holds-on-instance";
import type { Probe } from "@/lib/authz/impact/probe";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { findUsableRoles, measureRoles, requiredForRoles } from "@/lib/authz/usable-roles";
import {
  type BeyondOwn,
  checkServiceNotAbove,
  checkWithinOwn,
  listServiceBeyond,
} from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { findServiceRow, type ServiceRow } from "@/lib/service-accounts/service-account-store";
import {
  type NamedRole,
  named,
  writeServiceRoles,
} from "@/lib/service-accounts/write-service-roles";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import type { Permission } from "@/lib/shared/permission";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export type { NamedRole };

export type ServiceRoles =
  | { outcome: "found"; roles: NamedRole[] }
  | { outcome: "not-found" }
  /** Clients of another kind act for users, with what these hold. */
  | { outcome: "rejected"; reason: "not-a-service" };

/**
 * A client that the caller's organization may give roles, or why it may not (ATK-43). Until it has
 * some it acts in the installation's own organization, and is there for that one, and elsewhere for
 * whoever holds the permission on the whole instance: it is not for the first who knows its id.
 */
async function findOwnService(
  { principal }: Caller,
  permission: Permission,
  clientId: string,
  tx: Db,
): Promise<
  { outcome: "found"; service: ServiceRow } | Exclude<ServiceRoles, { outcome: "found" }>
> {
  const service = isId(clientId) ? await findServiceRow(clientId, tx) : null;
  const isOwn =
    service !== null &&
    (service.actsIn === principal.organizationId ||
      (service.organizationId === null && (await holdsOnInstance(principal, permission, tx))));
  if (!isOwn) return { outcome: "not-found" };
  if (service.kind !== "service") return { outcome: "rejected", reason: "not-a-service" };
  return { outcome: "found", service };
}

/** The roles that a service account has, by name. */
export async function listServiceRoles(caller: Caller, clientId: string): Promise<ServiceRoles> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  return inTransaction(async (tx): Promise<ServiceRoles> => {
    const found = await findOwnService(caller, ROLE_PERMISSIONS.view, clientId, tx);
    if (found.outcome !== "found") return found;
    const { organizationId } = caller.principal;
    const roles = await findUsableRoles(found.service.roleIds, organizationId, tx);
    return { outcome: "found", roles: named(roles ?? []) };
  });
}

export interface MeasuredService {
  name: string;
  /** What it holds and the caller lacks; with any of it, it is not theirs to change. */
  beyond: string[];
  /** Every role that the organization can use, with whether it has it and what the caller lacks of it. */
  roles: { id: string; name: string; description: string; chosen: boolean; missing: string[] }[];
}

/** A service account as a page shows it, or null when there is none (ATK-43). */
export async function measureServiceRoles(
  caller: Caller,
  clientId: string,
): Promise<MeasuredService | null> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  const found = await inTransaction((tx) =>
    findOwnService(caller, ROLE_PERMISSIONS.view, clientId, tx),
  );
  if (found.outcome !== "found") return null;
  const { name, roleIds, organizationId } = found.service;
  const arrivesIn = organizationId === null ? caller.principal.organizationId : null;
  const roles = await measureRoles(caller);
  return {
    name,
    beyond: await listServiceBeyond(caller, clientId, arrivesIn),
    roles: roles.map(({ isDefault: _, ...role }) => ({
      ...role,
      chosen: roleIds.includes(role.id),
    })),
  };
}

export type ServiceRoleAssignment =
  | { outcome: "assigned"; roles: NamedRole[]; changed: boolean }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "not-a-service" }
  | { outcome: "rejected"; reason: "unknown-role" }
  | BeyondOwn
  | GuardRejection;

/**
 * Makes these the roles of a service account in the caller's organization, as
 * one change. By the rule for users: the caller holds everything in every role
 * that comes or goes, and everything that the account holds (ATK-27, ATK-42).
 */
export async function assignServiceRoles(
  caller: Caller,
  clientId: string,
  roleIds: string[],
  probe?: Probe,
): Promise<ServiceRoleAssignment> {
  const permission = USER_PERMISSIONS.assignRoles;
  await authorize(caller, permission, { id: clientId });
  const authority = asCaller(caller);
  const { organizationId } = caller.principal;
  const change = async (tx: Db): Promise<ServiceRoleAssignment> => {
    const found = await findOwnService(caller, permission, clientId, tx);
    if (found.outcome !== "found") return found;
    // With its first role it comes to act here.
    const arrivesIn = found.service.organizationId === null ? organizationId : null;
    const above = await checkServiceNotAbove(authority, permission, clientId, tx, arrivesIn);
    if (above !== null) return above;
    const before = found.service.roleIds;
    const after = [...new Set(roleIds)];
    const added = after.filter((id) => !before.includes(id));
    const removed = before.filter((id) => !after.includes(id));
    const roles = await findUsableRoles([...new Set([...before, ...after])], organizationId, tx);
    if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
    const among = (ids: string[]) => roles.filter(({ id }) => ids.includes(id));
    if (added.length + removed.length === 0) {
      return { outcome: "assigned", roles: named(roles), changed: false };
    }
    const moved = among([...added, ...removed]);
    const required = await requiredForRoles(moved, organizationId, tx);
    const target = { type: "client", id: clientId };
    const beyond = await checkWithinOwn(authority, permission, required, target, tx);
    if (beyond !== null) return beyond;

    await writeServiceRoles(authority, { clientId, organizationId }, roles, { before, after }, tx);
    return { outcome: "assigned", roles: named(among(after)), changed: true };
  };
  // Nobody loses permissions of their own by this, and there are as many administrators as before.
  return inGuardedChange(authority, true, change, probe);
}
