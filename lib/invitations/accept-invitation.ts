import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import type { DutyRejection } from "@/lib/authz/duty-guard";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { rolesWithin } from "@/lib/authz/still-allowed";
import {
  consumeInvitation,
  findByToken,
  isAddressInvited,
  type PresentedInvitation,
} from "@/lib/invitations/invitation-store";
import { joinOrganization } from "@/lib/memberships/join-organization";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { requireOwnHand } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findUserIdentity, hasVerifiedEmail } from "@/lib/users/user-identity";

/** Why a link opens nothing. `withdrawn`: whoever invited could not invite any more. */
export type SpentInvitation = "used" | "expired" | "revoked" | "withdrawn" | "unknown";

export type InvitationState =
  | { state: SpentInvitation }
  | {
      state: "pending";
      email: string;
      organizationId: string;
      organizationName: string;
      /** Whether whoever looks could accept it. */
      standing: "signed-out" | "theirs" | "other-account" | "unverified";
    };

const found = async (token: unknown, db?: Db): Promise<PresentedInvitation | null> =>
  isSecret(token) ? findByToken(hashSecret(token), db) : null;

/** What an invitation's link is worth now. Looking never uses it up. */
export async function inspectInvitation(
  token: unknown,
  principal: Principal | null,
): Promise<InvitationState> {
  const invitation = await found(token);
  if (invitation === null) return { state: "unknown" };
  if (invitation.state !== "pending") return { state: invitation.state };
  if (!invitation.inviterActive || !invitation.inviterIsMember) return { state: "withdrawn" };
  const { email, organizationId, organizationName } = invitation;
  const standing = principal === null ? "signed-out" : await standingOf(principal, email);
  return { state: "pending", email, organizationId, organizationName, standing };
}

async function standingOf({ userId }: Principal, email: string, tx?: Db) {
  const user = await findUserIdentity(userId, tx);
  if (user?.email !== email) return "other-account";
  return (await hasVerifiedEmail(userId, tx)) ? "theirs" : "unverified";
}

export type InvitationAcceptance =
  | { outcome: "accepted"; organizationId: string; organizationName: string; roles: string[] }
  | { outcome: "rejected"; reason: SpentInvitation | "other-account" | "unverified" }
  /** With what they hold there already, its roles are what nobody may hold together (F98). */
  | DutyRejection;

const rejected = (reason: SpentInvitation | "other-account" | "unverified") =>
  ({ outcome: "rejected", reason }) as const;

/**
 * Makes the caller a member where they are invited, once, and only them: their address is the one
 * that was invited, and they have shown that it is theirs (ATK-47). It holds by the authority that
 * whoever invited has now: without it there is no membership, and of the roles only those are given
 * that they could still give, in this organization alone (ATK-42).
 */
export async function acceptInvitation(
  caller: Caller,
  token: unknown,
): Promise<InvitationAcceptance> {
  requireOwnHand(caller.principal);
  const { userId } = caller.principal;
  // No author whose rights are judged: those of the inviter are, below. One after the other all the same.
  const authority = { kind: "operator", request: caller.request } as const;
  const result = await inGuardedChange(
    authority,
    true,
    async (tx): Promise<InvitationAcceptance> => {
      const invitation = await found(token, tx);
      if (invitation === null) return rejected("unknown");
      if (invitation.state !== "pending") return rejected(invitation.state);
      const { id, email, organizationId, organizationName, inviterId } = invitation;
      const standing = await standingOf(caller.principal, email, tx);
      if (standing !== "theirs") return rejected(standing);
      const given = await rolesStillGiven(invitation, tx);
      if (given === null) return rejected("withdrawn");
      if (!(await consumeInvitation(id, userId, tx))) return rejected("used");
      const ids = given.map((role) => role.id);
      await joinOrganization(userId, organizationId, ids, inviterId, tx);
      const roles = given.map(({ name }) => name).sort();
      await recordChange(
        caller,
        {
          action: "invitation.accepted",
          target: { type: "invitation", id },
          after: {
            organizationId,
            roles,
            withheldRoleIds: invitation.roleIds.filter((roleId) => !ids.includes(roleId)),
          },
        },
        tx,
      );
      return { outcome: "accepted", organizationId, organizationName, roles };
    },
  );
  if (isGuardRejection(result)) throw new Error("an invitation takes nothing from anybody");
  return result;
}

const isGuardRejection = (
  result: InvitationAcceptance | GuardRejection,
): result is Exclude<GuardRejection, DutyRejection> =>
  result.outcome === "rejected" &&
  (result.reason === "last-administrator" || result.reason === "confirmation-required");

/** Null when whoever invited may not invite there any more. */
async function rolesStillGiven(
  { inviterId, roleIds, organizationId }: PresentedInvitation,
  tx: Db,
): Promise<{ id: string; name: string }[] | null> {
  if (inviterId === null) return null;
  const { manageMembers } = ORGANIZATION_PERMISSIONS;
  const mayInvite = await rolesWithin(inviterId, [manageMembers], [], organizationId, tx);
  if (mayInvite === null) return null;
  const permissions = [manageMembers, USER_PERMISSIONS.assignRoles];
  return (await rolesWithin(inviterId, permissions, roleIds, organizationId, tx)) ?? [];
}

/**
 * Whether this address may sign up by this link where sign-up is for invited people only. The
 * secret shows that the mail has reached somebody, so nobody learns by asking who is invited.
 */
export async function opensSignUp(token: unknown, email: string): Promise<boolean> {
  const invitation = await found(token);
  return (
    invitation?.state === "pending" &&
    invitation.email === email &&
    invitation.inviterActive &&
    invitation.inviterIsMember
  );
}

/** The same of an address that has been shown to be whoever asks it. */
export const isInvited = (email: string): Promise<boolean> => isAddressInvited(email);
