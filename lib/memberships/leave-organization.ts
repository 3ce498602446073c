import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import {
  endMembership,
  findObstacle,
  type MembershipObstacle,
} from "@/lib/memberships/end-membership";
import { findMember } from "@/lib/memberships/membership-store";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";

export type Leaving =
  | { outcome: "left" }
  | { outcome: "not-found" }
  | MembershipObstacle
  | GuardRejection;

/**
 * Ends the caller's own membership of any organization of theirs, with all that it gave. Nobody
 * gives it back but whoever invites them again, so it takes a fresh proof. With a probe it is only looked at.
 */
export async function leaveOrganization(
  caller: Caller,
  organizationId: string,
  probe?: Probe,
): Promise<Leaving> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  const change = async (tx: Db): Promise<Leaving> => {
    const member = await inTenant(
      organizationId,
      (tenant) => findMember(principal.userId, organizationId, tenant),
      tx,
    );
    if (member === null) return { outcome: "not-found" };
    const obstacle = await findObstacle(principal.userId, organizationId, tx);
    if (obstacle !== null) return obstacle;
    return (await endMembership(caller, member, organizationId, "membership.left", tx))
      ? { outcome: "left" }
      : { outcome: "not-found" };
  };
  // They say so by leaving: what they lose is theirs to lose, and asked for.
  return inGuardedChange(asCaller(caller), true, change, probe);
}
