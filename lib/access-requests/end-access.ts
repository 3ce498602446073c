import "server-only";
import {
  type AccessRequestRow,
  findRow,
  markEnded,
} from "@/lib/access-requests/access-request-store";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { roleOf } from "@/lib/access-requests/review-request";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { requiredForRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { endTimedGrant } from "@/lib/users/grant-for-a-time";

export type AccessEnd =
  | { outcome: "ended"; roleName: string; userEmail: string }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "not-in-force" }
  | BeyondOwn
  | GuardRejection;

type Check = (row: AccessRequestRow, tx: Db) => Promise<AccessEnd | null>;

/**
 * Ends what a request or an emergency gave to somebody before its time, from their next request on: for
 * whoever could have approved it. With a probe it is only looked at.
 */
export async function endAccess(caller: Caller, id: string, probe?: Probe): Promise<AccessEnd> {
  await authorize(caller, ACCESS_PERMISSIONS.approve);
  const check: Check = async (row, tx) => {
    const role = await roleOf(row, tx);
    if (role === null) return { outcome: "not-found" };
    const { approve } = ACCESS_PERMISSIONS;
    const required = await requiredForRoles([role], row.organizationId, tx);
    const target = { type: "access_request", id };
    return checkWithinOwn(asCaller(caller), approve, required, target, tx);
  };
  return end(caller, id, check, probe);
}

/** The same for what the caller has themselves: nobody needs a permission to hold less. */
export const endOwnAccess = (caller: Caller, id: string): Promise<AccessEnd> =>
  end(caller, id, async ({ userId }) =>
    userId === caller.principal.userId ? null : { outcome: "not-found" },
  );

/** Whoever ends their own means to lose it, so that there is nothing to confirm. */
function end(caller: Caller, id: string, check: Check, probe?: Probe): Promise<AccessEnd> {
  const { organizationId, userId: callerId } = caller.principal;
  const change = async (tx: Db): Promise<AccessEnd> => {
    const row = await inTenant(organizationId, (tenant) => findRow(id, organizationId, tenant), tx);
    if (row === null) return { outcome: "not-found" };
    const refusal = await check(row, tx);
    if (refusal !== null) return refusal;
    const { grantId, inForceUntil, roleName, userEmail } = row;
    if (grantId === null || inForceUntil === null) {
      return { outcome: "rejected", reason: "not-in-force" };
    }
    // Before the grant goes, by whose id they are found.
    await inTenant(organizationId, (tenant) => markEnded(grantId, callerId, tenant), tx);
    if (!(await endTimedGrant(grantId, tx))) throw new Error("a grant ended while it was locked");
    await recordChange(
      caller,
      {
        action: "access.ended",
        target: { type: "access_request", id },
        before: { userId: row.userId, role: roleName, until: inForceUntil.toISOString() },
      },
      tx,
    );
    return { outcome: "ended", roleName, userEmail };
  };
  return inGuardedChange(asCaller(caller), true, change, probe);
}
