import "server-only";
import type { Operator } from "@/lib/authz/authority";
import { findUsableRoles } from "@/lib/authz/usable-roles";
import type { Db } from "@/lib/platform/db/client";
import {
  listAllServiceAccounts,
  type ServiceAccountRow,
} from "@/lib/service-accounts/service-account-store";
import { writeServiceRoles } from "@/lib/service-accounts/write-service-roles";

// Service accounts as whoever operates the machine changes them, each within a guarded change.

export type { ServiceAccountRow };

/** Every client that acts for itself somewhere, with its roles. */
export const listServicesAsOperator = (tx: Db): Promise<ServiceAccountRow[]> =>
  listAllServiceAccounts(tx);

export type ServiceWriteRejection = {
  outcome: "rejected";
  /** `acts-elsewhere`: where one acts it acts for good. */
  reason: "unknown-role" | "acts-elsewhere";
};

/** Makes these the roles of a client in an organization; it acts there from then on. */
export async function setServiceRolesAsOperator(
  operator: Operator,
  present: ServiceAccountRow | undefined,
  { clientId, organizationId }: { clientId: string; organizationId: string },
  roleIds: readonly string[],
  tx: Db,
): Promise<ServiceWriteRejection | null> {
  if (present !== undefined && present.organizationId !== organizationId) {
    return { outcome: "rejected", reason: "acts-elsewhere" };
  }
  const before = present?.roleIds ?? [];
  const touched = [...new Set([...before, ...roleIds])];
  const roles = await findUsableRoles(touched, organizationId, tx);
  if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
  const service = { clientId, organizationId };
  await writeServiceRoles(operator, service, roles, { before, after: roleIds }, tx);
  return null;
}
