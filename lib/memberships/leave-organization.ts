import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import {
  endMembership,
  findObstacle,
  type MembershipObstacle,
} from "@/lib/memberships/end-membership";
import { findMember } from "@/lib/memberships/membership-store";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";

export type Leaving =
  | { outcome: "left" }
  | { outcome: "not-found" }
  | MembershipObstacle
  | GuardRejection;

/**
 * Ends the caller's own membership of any organization of theirs, with all that it gave. Nobody
 * gives it back but whoever invites them again, so it takes a fresh proof.
 */
export async function leaveOrganization(caller: Caller, organizationId: string): Promise<Leaving> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  // They say so by leaving: what they lose is theirs to lose, and asked for.
  return inGuardedChange(asCaller(caller), true, async (tx): Promise<Leaving> => {
    const member = await findMember(principal.userId, organizationId, tx);
    if (member === null) return { outcome: "not-found" };
    const obstacle = await findObstacle(principal.userId, organizationId, tx);
    if (obstacle !== null) return obstacle;
    return (await endMembership(caller, member, organizationId, "membership.left", tx))
      ? { outcome: "left" }
      : { outcome: "not-found" };
  });
}
