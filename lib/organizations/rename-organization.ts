import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Organization } from "@/lib/organizations/find-organizations";
import type { OrganizationChange } from "@/lib/organizations/organization.schema";
import { findOrganizationRow } from "@/lib/organizations/organization-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { writeOrganizationName } from "@/lib/organizations/write-organization";
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
  await authorize(caller, permission);
  const target = { type: "organization", id };
  try {
    return await inTransaction(async (tx): Promise<OrganizationRenaming> => {
      const before = await findOrganizationRow(id, tx);
      if (before === null) return { outcome: "not-found" };
      const beyond = await checkWithinOwn(asCaller(caller), permission, [], target, tx);
      if (beyond !== null) return beyond;
      const expected = expectedVersion ?? before.version;
      const authority = asCaller(caller);
      const organization = await writeOrganizationName(authority, before, change, expected, tx);
      if (organization === null) {
        const { version } = (await findOrganizationRow(id, tx)) ?? before;
        return { outcome: "rejected", reason: "stale", version };
      }
      return { outcome: "changed", organization };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "slug-taken" };
    throw error;
  }
}
