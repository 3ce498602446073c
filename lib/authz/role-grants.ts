import "server-only";
import type { Holding } from "@/lib/authz/holdings";
import { conditionOf, describeReach, type StoredReach } from "@/lib/authz/reach";
import { misfitsOf } from "@/lib/authz/resolve-condition";
import { ownerFieldOf } from "@/lib/authz/resource-types";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { listPermissionRows, type RoleRow } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

export type GrantsRejection = {
  outcome: "rejected";
  /**
   * `no-owner`: these are about records that nobody owns, so "own" would grant nothing.
   * `unfitting-condition`: their condition asks for what such records do not have.
   */
  reason: "unknown-permission" | "no-owner" | "unfitting-condition";
  keys: string[];
};

/** The ids of the permissions that these grants name, or why a role cannot have such grants. */
export async function resolveGrants(
  grants: RoleGrants,
  tx: Db,
): Promise<{ outcome: "resolved"; permissionIds: Map<string, string> } | GrantsRejection> {
  const known = new Map((await listPermissionRows(tx)).map((row) => [row.key, row]));
  const unknown = Object.keys(grants).filter((key) => !known.has(key));
  if (unknown.length > 0) {
    return { outcome: "rejected", reason: "unknown-permission", keys: unknown };
  }
  const ownerless = Object.entries(grants).flatMap(([key, reach]) => {
    const resourceType = known.get(key)?.resourceType ?? "";
    return reach === "own" && ownerFieldOf(resourceType) === undefined ? [key] : [];
  });
  if (ownerless.length > 0) return { outcome: "rejected", reason: "no-owner", keys: ownerless };
  const unfitting = Object.entries(grants).flatMap(([key, reach]) =>
    typeof reach === "object" && misfitsOf(reach, known.get(key)?.resourceType ?? "").length > 0
      ? [key]
      : [],
  );
  if (unfitting.length > 0) {
    return { outcome: "rejected", reason: "unfitting-condition", keys: unfitting };
  }
  const permissionIds = new Map([...known].map(([key, { id }]) => [key, id]));
  return { outcome: "resolved", permissionIds };
}

/** What somebody holds to whom these grants are given in the organization; null is everywhere. */
export const holdingsFrom = (
  grants: Record<string, StoredReach>,
  organizationId: string | null,
): Holding[] =>
  Object.entries(grants).map(([permissionKey, reach]) => ({
    permissionKey,
    condition: conditionOf(reach),
    organizationId,
  }));

/** What somebody holds to whom the role is given in the organization, by all that it inherits. */
export const holdingsOfRole = (
  { gives, organizationId: own }: Pick<RoleRow, "gives" | "organizationId">,
  organizationId: string | null,
): Holding[] => gives.map((given) => ({ ...given, organizationId: own ?? organizationId }));

/** As the audit log shows a role's permissions: sorted, with their reach where it is limited. */
export const describeGrants = (grants: Record<string, StoredReach>): string[] =>
  Object.entries(grants)
    .map(([key, reach]) => (reach === "all" ? key : `${key} (${describeReach(reach)})`))
    .sort();
