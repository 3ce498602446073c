import "server-only";
import { actorOfPrincipal, recordChange } from "@/lib/audit/record-event";
import {
  belongsElsewhere,
  deleteMembership,
  deleteRolesOf,
  listHoldersIn,
  type Member,
  revokeInvitationsOf,
} from "@/lib/memberships/membership-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { revokePersonalTokens } from "@/lib/personal-tokens/revoke-tokens";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";

export type MembershipObstacle =
  /** Nobody who is left could invite or take out anybody. */
  | { outcome: "rejected"; reason: "last-administrator" }
  /** They are in no other organization, and could not sign in any more. */
  | { outcome: "rejected"; reason: "only-membership" };

/** What stands in the way of somebody's leaving the organization, whoever asks for it; null for nothing. */
export async function findObstacle(
  userId: string,
  organizationId: string,
  tx: Db,
): Promise<MembershipObstacle | null> {
  const { key } = ORGANIZATION_PERMISSIONS.manageMembers;
  const managers = await listHoldersIn(organizationId, key, tx);
  // Whose right ends by itself does not stay.
  const lasting = managers.filter((manager) => manager.lasting);
  const endsWithUser = (those: { userId: string }[]) =>
    those.length > 0 && those.every((manager) => manager.userId === userId);
  if (endsWithUser(managers) || endsWithUser(lasting)) {
    return { outcome: "rejected", reason: "last-administrator" };
  }
  return (await belongsElsewhere(userId, organizationId, tx))
    ? null
    : { outcome: "rejected", reason: "only-membership" };
}

/**
 * Ends a membership with all that it gave: the roles that were granted there, the sessions in it
 * and the personal access tokens for it. What they were still invited to there is taken back, so
 * that no former link makes them a member again. Who joins again begins anew. False when it was over.
 */
export async function endMembership(
  caller: Caller,
  { userId, roles }: Member,
  organizationId: string,
  action: "membership.removed" | "membership.left",
  tx: Db,
): Promise<boolean> {
  const ended = await inTenant(
    organizationId,
    async (tenant) =>
      (await deleteMembership(userId, organizationId, tenant)) &&
      revokeInvitationsOf(userId, organizationId, tenant),
    tx,
  );
  if (ended === false) return false;
  await deleteRolesOf(userId, organizationId, tx);
  const actor = actorOfPrincipal(caller.principal);
  const { request } = caller;
  const match = { organizationId };
  await revokePersonalTokens(userId, match, "membership_ended", actor, request, tx);
  await revokeSessions(userId, match, "membership_ended", actor, request, tx);
  for (const { id, email } of ended) {
    await recordChange(
      caller,
      {
        action: "invitation.revoked",
        target: { type: "invitation", id },
        before: { organizationId, email },
      },
      tx,
    );
  }
  await recordChange(
    caller,
    {
      action,
      target: { type: "user", id: userId },
      before: { organizationId, roles: roles.map(({ name }) => name) },
    },
    tx,
  );
  return true;
}
