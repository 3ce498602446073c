import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorizeOnInstance, checkOnInstance } from "@/lib/authz/in-organization";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { Organization } from "@/lib/organizations/find-organizations";
import type { OrganizationChange } from "@/lib/organizations/organization.schema";
import { findOrganizationRow, updateOrganization } from "@/lib/organizations/organization-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";

export type OrganizationRenaming =
  | { outcome: "changed"; organization: Organization }
  | { outcome: "not-found" }
  /** Somebody changed it since it was read. */
  | { outcome: "rejected"; reason: "stale"; version: number }
  | { outcome: "rejected"; reason: "slug-taken" }
  | BeyondOwn;

/** Gives an organization another name or slug, if it is still as it was read; null asks for nothing. */
export async function renameOrganization(
  caller: Caller,
  id: string,
  change: OrganizationChange,
  expectedVersion: number | null,
): Promise<OrganizationRenaming> {
  const permission = ORGANIZATION_PERMISSIONS.manage;
  await authorizeOnInstance(caller, permission);
  const target = { type: "organization", id };
  try {
    return await inTransaction(async (tx): Promise<OrganizationRenaming> => {
      const before = await findOrganizationRow(id, tx);
      if (before === null) return { outcome: "not-found" };
      const beyond = await checkOnInstance(asCaller(caller), permission, target, tx);
      if (beyond !== null) return beyond;
      if (!(await updateOrganization(id, change, expectedVersion ?? before.version, tx))) {
        const { version } = (await findOrganizationRow(id, tx)) ?? before;
        return { outcome: "rejected", reason: "stale", version };
      }
      const organization = await findOrganizationRow(id, tx);
      if (organization === null) throw new Error("an organization was not there after its change");
      await recordChange(
        caller,
        {
          action: "organization.changed",
          target,
          before: { name: before.name, slug: before.slug },
          after: { name: organization.name, slug: organization.slug },
        },
        tx,
      );
      return { outcome: "changed", organization };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "slug-taken" };
    throw error;
  }
}
