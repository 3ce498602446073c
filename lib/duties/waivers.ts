import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { inHeldChange } from "@/lib/authz/held-change";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import {
  deleteWaiver,
  findConflict,
  listWaiverRows,
  putWaiver,
  type WaiverRow,
} from "@/lib/duties/duty-store";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { findMemberId } from "@/lib/users/govern-user";

export type { WaiverRow };

/** Nobody reads a longer list. */
const WAIVERS_MAX = 500;

/** The waivers that hold in the caller's organization; the one that ends first comes first. */
export async function listWaivers(caller: Caller): Promise<WaiverRow[]> {
  await authorizeToOffer(caller, DUTY_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTenant(organizationId, (tenant) => listWaiverRows(organizationId, WAIVERS_MAX, tenant));
}

export type WaiverResult =
  | { outcome: "waived"; expiresAt: Date }
  | { outcome: "not-found" }
  /** Nobody waives for themselves what stands in their own way. */
  | { outcome: "rejected"; reason: "own-waiver" }
  | { outcome: "rejected"; reason: "unknown-user" }
  | BeyondOwn;

/**
 * Lets somebody else hold both sides of a conflict in the caller's organization until the waiver ends,
 * a year from now at most. `user` is their id or address. It gives nothing: what they come to hold is given as always (F98).
 */
export async function waiveConflict(
  caller: Caller,
  {
    conflictId,
    user,
    reason,
    days,
  }: { conflictId: string; user: string; reason: string; days: number },
): Promise<WaiverResult> {
  await authorize(caller, DUTY_PERMISSIONS.manage);
  const { organizationId, userId: callerId } = caller.principal;
  return inTransaction(async (tx): Promise<WaiverResult> => {
    const conflict = await inTenant(
      organizationId,
      (tenant) => findConflict(conflictId, organizationId, tenant),
      tx,
    );
    if (conflict === null) return { outcome: "not-found" };
    const userId = await findMemberId(user, organizationId, tx);
    if (userId === null) return { outcome: "rejected", reason: "unknown-user" };
    if (userId === callerId) return { outcome: "rejected", reason: "own-waiver" };
    const target = { type: "user", id: userId };
    const beyond = await checkWithinOwn(asCaller(caller), DUTY_PERMISSIONS.manage, [], target, tx);
    if (beyond !== null) return beyond;
    const granted = { id: newId(), reason, days, grantedById: callerId };
    const waiver = { ...granted, conflictId, organizationId, userId };
    const expiresAt = await inTenant(organizationId, (tenant) => putWaiver(waiver, tenant), tx);
    const after = { conflict: conflict.name, reason, expiresAt: expiresAt.toISOString() };
    await recordChange(caller, { action: "duty_conflict.waived", target, after }, tx);
    return { outcome: "waived", expiresAt };
  });
}

/** Ends a waiver at once; false when there is none. What the user holds they keep, and the report shows it. */
export async function endWaiver(caller: Caller, waiverId: string): Promise<boolean> {
  await authorize(caller, DUTY_PERMISSIONS.manage);
  const { organizationId } = caller.principal;
  return inHeldChange(caller, DUTY_PERMISSIONS.manage, async (tx) => {
    const ended = await inTenant(
      organizationId,
      (tenant) => deleteWaiver(waiverId, organizationId, tenant),
      tx,
    );
    if (ended === null) return false;
    await recordChange(
      caller,
      {
        action: "duty_conflict.waiver_ended",
        target: { type: "user", id: ended.userId },
        before: { conflictId: ended.conflictId },
      },
      tx,
    );
    return true;
  });
}
