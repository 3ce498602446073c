import "server-only";
import { authorizeToOffer } from "@/lib/authz/authorize";
import { type ClashPath, type DescribedClash, describeClashes } from "@/lib/authz/describe-clashes";
import { listConflictsIn } from "@/lib/duties/duty-store";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";

export type Violation = DescribedClash;
export type ViolationPath = ClashPath;

/** Of one conflict; a report that is longer is no report any more. */
export const VIOLATIONS_MAX = 200;

/**
 * Who holds both of what nobody may hold together in the caller's organization, and by what: those
 * whom a waiver covers among them. `more` says that a conflict has others besides.
 */
export async function listViolations(
  caller: Caller,
): Promise<{ violations: Violation[]; more: boolean }> {
  await authorizeToOffer(caller, DUTY_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTransaction(async (tx) => {
    const conflicts = await inTenant(
      organizationId,
      (tenant) => listConflictsIn(organizationId, tenant),
      tx,
    );
    const { clashes, more } = await describeClashes(conflicts, organizationId, VIOLATIONS_MAX, tx);
    return { violations: clashes, more };
  });
}
