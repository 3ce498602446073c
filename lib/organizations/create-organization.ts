import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorizeOnInstance, checkOnInstance } from "@/lib/authz/in-organization";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { Organization } from "@/lib/organizations/find-organizations";
import type { NewOrganization } from "@/lib/organizations/organization.schema";
import { findOrganizationRow, insertOrganization } from "@/lib/organizations/organization-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
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
  await authorizeOnInstance(caller, permission);
  const id = newId();
  try {
    return await inTransaction(async (tx): Promise<OrganizationCreation> => {
      const beyond = await checkOnInstance(asCaller(caller), permission, undefined, tx);
      if (beyond !== null) return beyond;
      await insertOrganization({ id, name, slug }, caller.principal.userId, tx);
      await recordChange(
        caller,
        {
          action: "organization.created",
          target: { type: "organization", id },
          after: { name, slug },
        },
        tx,
      );
      const organization = await findOrganizationRow(id, tx);
      if (organization === null)
        throw new Error("an organization was not there after its creation");
      return { outcome: "created", organization };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "slug-taken" };
    throw error;
  }
}
