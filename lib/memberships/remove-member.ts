import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { type BeyondOwn, checkNotAboveIn } from "@/lib/authz/within-own";
import {
  endMembership,
  findObstacle,
  type MembershipObstacle,
} from "@/lib/memberships/end-membership";
import { findMember } from "@/lib/memberships/membership-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";

export type MemberRemoval =
  | { outcome: "removed"; email: string }
  | { outcome: "not-found" }
  /** One leaves oneself by leaving. */
  | { outcome: "rejected"; reason: "self" }
  | MembershipObstacle
  | BeyondOwn
  | GuardRejection;

/**
 * Takes a member who is not above the caller out of the caller's organization, and what they had
 * in it. They stay a user, and whatever they are elsewhere.
 */
export async function removeMember(
  caller: Caller,
  organizationId: string,
  userId: string,
  probe?: Probe,
): Promise<MemberRemoval> {
  const permission = ORGANIZATION_PERMISSIONS.manageMembers;
  await authorize(caller, permission);
  if (organizationId !== caller.principal.organizationId) return { outcome: "not-found" };
  const authority = asCaller(caller);
  const change = async (tx: Db): Promise<MemberRemoval> => {
    const member = await inTenant(
      organizationId,
      (tenant) => findMember(userId, organizationId, tenant),
      tx,
    );
    if (member === null) return { outcome: "not-found" };
    if (userId === caller.principal.userId) return { outcome: "rejected", reason: "self" };
    const beyond = await checkNotAboveIn(authority, permission, userId, organizationId, tx);
    if (beyond !== null) return beyond;
    const obstacle = await findObstacle(userId, organizationId, tx);
    if (obstacle !== null) return obstacle;
    return (await endMembership(caller, member, organizationId, "membership.removed", tx))
      ? { outcome: "removed", email: member.email }
      : { outcome: "not-found" };
  };
  return inGuardedChange(authority, false, change, probe);
}
