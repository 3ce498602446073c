import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Organization } from "@/lib/organizations/find-organizations";
import type { NewOrganization } from "@/lib/organizations/organization.schema";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { writeNewOrganization } from "@/lib/organizations/write-organization";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

export type OrganizationCreation =
  | { outcome: "created"; organization: Organization }
  | { outcome: "rejected"; reason: "slug-taken" }
  | BeyondOwn;

/** Creates an organization whose first member is the caller; their roles there are those of everywhere. */
export async function createOrganization(
  caller: Caller,
  { name, slug }: NewOrganization,
): Promise<OrganizationCreation> {
  const permission = ORGANIZATION_PERMISSIONS.manage;
  await authorize(caller, permission);
  const id = newId();
  try {
    return await inTransaction(async (tx): Promise<OrganizationCreation> => {
      const beyond = await checkWithinOwn(asCaller(caller), permission, [], undefined, tx);
      if (beyond !== null) return beyond;
      const first = caller.principal.userId;
      const row = { id, name, slug };
      const organization = await writeNewOrganization(asCaller(caller), row, first, tx);
      return { outcome: "created", organization };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "slug-taken" };
    throw error;
  }
}
