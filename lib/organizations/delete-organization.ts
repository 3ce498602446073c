import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { authorizeOnInstance, checkOnInstance } from "@/lib/authz/in-organization";
import type { BeyondOwn } from "@/lib/authz/within-own";
import {
  deleteOrganizationRow,
  findObstacles,
  findOrganizationRow,
  lockOrganization,
  type Obstacles,
} from "@/lib/organizations/organization-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { endSessionsOfOrganization } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";

export type { Obstacles };

export type OrganizationDeletion =
  | { outcome: "deleted"; name: string }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "stale"; version: number }
  /** The caller's own session is in it. */
  | { outcome: "rejected"; reason: "in-use" }
  | { outcome: "rejected"; reason: "obstructed"; obstacles: Obstacles }
  | BeyondOwn
  | GuardRejection;

const stands = ({ isDefault, ...counts }: Obstacles): boolean =>
  isDefault || Object.values(counts).some((count) => count > 0);

/**
 * Deletes an organization that nothing hangs on, and with it memberships, roles, invitations and
 * sessions in it. What hangs on it is told: nobody's work and nobody's only way in goes along.
 */
export async function deleteOrganization(
  caller: Caller,
  id: string,
  { expectedVersion, confirmed }: { expectedVersion: number | null; confirmed: boolean },
): Promise<OrganizationDeletion> {
  const permission = ORGANIZATION_PERMISSIONS.manage;
  await authorizeOnInstance(caller, permission);
  const authority = asCaller(caller);
  const target = { type: "organization", id };
  return inGuardedChange(authority, confirmed, async (tx): Promise<OrganizationDeletion> => {
    if ((await findOrganizationRow(id, tx)) === null) return { outcome: "not-found" };
    const beyond = await checkOnInstance(authority, permission, target, tx);
    if (beyond !== null) return beyond;
    await lockOrganization(id, tx);
    const organization = await findOrganizationRow(id, tx);
    if (organization === null) return { outcome: "not-found" };
    const { name, slug, version, memberCount } = organization;
    if (expectedVersion !== null && expectedVersion !== version) {
      return { outcome: "rejected", reason: "stale", version };
    }
    const obstacles = await findObstacles(id, tx);
    if (stands(obstacles)) return { outcome: "rejected", reason: "obstructed", obstacles };
    if (id === caller.principal.organizationId) return { outcome: "rejected", reason: "in-use" };
    const sessionCount = await endSessionsOfOrganization(id, tx);
    await deleteOrganizationRow(id, tx);
    await recordChange(
      caller,
      {
        action: "organization.deleted",
        target,
        before: { name, slug, memberCount, sessionCount },
      },
      tx,
    );
    return { outcome: "deleted", name };
  });
}
