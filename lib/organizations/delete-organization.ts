import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type ChangeTerms, type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import {
  findOrganizationRow,
  listMemberIds,
  type Obstacles,
} from "@/lib/organizations/organization-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { refuseDeletion, writeOrganizationDeletion } from "@/lib/organizations/write-organization";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

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

/**
 * Deletes an organization that nothing hangs on, and with it memberships, roles, invitations and
 * sessions in it. What hangs on it is told: nobody's work and nobody's only way in goes along.
 */
export async function deleteOrganization(
  caller: Caller,
  id: string,
  { expectedVersion, confirmed, probe }: ChangeTerms,
): Promise<OrganizationDeletion> {
  const permission = ORGANIZATION_PERMISSIONS.manage;
  await authorize(caller, permission);
  const authority = asCaller(caller);
  const target = { type: "organization", id };
  const remove = async (tx: Db): Promise<OrganizationDeletion> => {
    if ((await findOrganizationRow(id, tx)) === null) return { outcome: "not-found" };
    const beyond = await checkWithinOwn(authority, permission, [], target, tx);
    if (beyond !== null) return beyond;
    const obstructed = await refuseDeletion(id, tx);
    const organization = await findOrganizationRow(id, tx);
    if (organization === null) return { outcome: "not-found" };
    const { name, version } = organization;
    if (expectedVersion !== null && expectedVersion !== version) {
      return { outcome: "rejected", reason: "stale", version };
    }
    if (obstructed !== null) return obstructed;
    if (id === caller.principal.organizationId) return { outcome: "rejected", reason: "in-use" };
    await writeOrganizationDeletion(authority, organization, tx);
    return { outcome: "deleted", name };
  };
  return inGuardedChange(authority, confirmed, remove, probe);
}

/** Whose memberships go along: what a preview of the deletion looks at. Nobody is told who they are. */
export const listWhomDeletionReaches = async (id: string): Promise<string[]> =>
  isId(id) ? listMemberIds(id) : [];
