import "server-only";
import { type Authority, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import {
  type ChangeTerms,
  type GuardRejection,
  inGuardedChange,
  type Objector,
} from "@/lib/authz/guarded-change";
import type { Holding } from "@/lib/authz/holdings";
import { listEverything } from "@/lib/authz/holds-everything";
import { type BeyondOwn, checkWithinRoles } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inPlace, inTenant, type PlaceDb } from "@/lib/platform/db/tenant";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import {
  findPolicyRow,
  findVersionRow,
  listPolicyNames,
  type PolicyRow,
  type VersionRow,
} from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";

export type PolicyRejection =
  | { outcome: "not-found" }
  /** Somebody changed the policy since it was read. */
  | { outcome: "rejected"; reason: "stale"; version: number }
  | BeyondOwn
  | GuardRejection;

/**
 * Whether somebody may decide about these permissions where the policy counts: in one
 * organization whoever holds them there, and everywhere whoever holds everything everywhere, as
 * nobody rules over more than they hold (ATK-42). It goes by roles, so that a policy which denies
 * its author something can be undone by them. A refusal is recorded.
 */
export async function checkMayRule(
  authority: Authority,
  organizationId: string | null,
  permissions: readonly string[],
  policyId: string | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  const { manage } = POLICY_PERMISSIONS;
  const target = policyId === undefined ? undefined : { type: "policy", id: policyId };
  const required =
    organizationId === null ? await listEverything(tx) : holdingsOf(permissions, organizationId);
  return checkWithinRoles(authority, manage, required, target, tx);
}

/** These permissions, without a condition, in a place. */
export const holdingsOf = (keys: readonly string[], organizationId: string | null): Holding[] =>
  keys.map((permissionKey) => ({ permissionKey, condition: null, organizationId }));

/** Changes a policy that counts in the caller's organization; such changes come one after the other. */
export async function changePolicy<T>(
  caller: Caller,
  policyId: string,
  terms: ChangeTerms,
  work: (policy: PolicyRow, tx: Db, object: Objector) => Promise<T>,
): Promise<T | PolicyRejection> {
  await authorize(caller, POLICY_PERMISSIONS.manage);
  const authority = asCaller(caller);
  const { organizationId } = caller.principal;
  const change = async (tx: Db, object: Objector): Promise<T | PolicyRejection> => {
    const policy = await inTenant(
      organizationId,
      (tenant) => findPolicyRow(policyId, organizationId, tenant),
      tx,
    );
    if (policy === null) return { outcome: "not-found" };
    if (terms.expectedVersion !== null && terms.expectedVersion !== policy.version) {
      return { outcome: "rejected", reason: "stale", version: policy.version };
    }
    const beyond = await checkMayRule(authority, policy.organizationId, [], policyId, tx);
    return beyond ?? work(policy, tx, object);
  };
  return inGuardedChange(authority, terms.confirmed, change, terms.probe);
}

/** The policy as the change has left it. */
export async function changedPolicy(
  { id, organizationId }: Pick<PolicyRow, "id" | "organizationId">,
  tx: Db,
): Promise<{ outcome: "changed"; policy: PolicyRow }> {
  const policy = await inPlace(
    organizationId,
    (place) => findPolicyRow(id, organizationId, place),
    tx,
  );
  if (policy === null) throw new Error("a policy was not there after it was changed");
  return { outcome: "changed", policy };
}

/** Two versions of a policy by their numbers; null for none. */
export const findVersions = (
  { id, organizationId }: PolicyRow,
  [before, after]: [number | null, number | null],
  tx: Db,
): Promise<[VersionRow | null, VersionRow | null]> =>
  inPlace(
    organizationId,
    async (place) => {
      const find = async (number: number | null) =>
        number === null ? null : findVersionRow(id, number, place);
      return [await find(before), await find(after)];
    },
    tx,
  );

const folded = (name: string): string => name.normalize("NFKC").toLowerCase();

/** Whether another policy that counts in the same place is called so; traces name them. */
export async function isPolicyNameTaken(
  { id, organizationId }: Pick<PolicyRow, "id" | "organizationId">,
  name: string,
  db: PlaceDb,
): Promise<boolean> {
  const names = await listPolicyNames(id, organizationId, db);
  return names.some((other) => folded(other) === folded(name));
}
