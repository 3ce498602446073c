import "server-only";
import type { Holding } from "@/lib/authz/holdings";
import { OWNER_FIELD } from "@/lib/authz/resource-types";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { listPermissionRows, type StoredReach } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

export type GrantsRejection = {
  outcome: "rejected";
  /** `no-owner`: these are about records that nobody owns, so "own" would grant nothing. */
  reason: "unknown-permission" | "no-owner";
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
    return reach === "own" && OWNER_FIELD[resourceType] === undefined ? [key] : [];
  });
  if (ownerless.length > 0) return { outcome: "rejected", reason: "no-owner", keys: ownerless };
  const permissionIds = new Map([...known].map(([key, { id }]) => [key, id]));
  return { outcome: "resolved", permissionIds };
}

/** The condition as it is stored; null for none. What cannot be read is equal to nothing. */
const conditionOf = (reach: StoredReach): unknown => (reach === "all" ? null : { kind: reach });

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

/** As the audit log shows a role's permissions: sorted, with their reach where it is limited. */
export const describeGrants = (grants: Record<string, StoredReach>): string[] =>
  Object.entries(grants)
    .map(([key, reach]) => (reach === "all" ? key : `${key} (${reach})`))
    .sort();
