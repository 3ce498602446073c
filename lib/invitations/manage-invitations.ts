import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { checkInOrganization } from "@/lib/authz/in-organization";
import { findUsableRoles, reachOfGrant } from "@/lib/authz/usable-roles";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { NewInvitation } from "@/lib/invitations/invitation.schema";
import {
  closeExpired,
  findOpenInvitation,
  type Invitation,
  insertInvitation,
  isAddressOfMember,
  renewInvitation,
  revokeInvitationRow,
} from "@/lib/invitations/invitation-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export type { Invitation };

/** As the mail says. */
export const INVITATION_LIFETIME_DAYS = 7;
const LIFETIME_SECONDS = days(INVITATION_LIFETIME_DAYS);

const { manageMembers } = ORGANIZATION_PERMISSIONS;

/** Mails the secret, in the transaction that stores its hash. */
export type SendInvitation = (
  mail: { email: string; secret: string; organizationName: string; inviterEmail: string },
  tx: Db,
) => Promise<void>;

type Refusal = { outcome: "not-found" } | BeyondOwn | GuardRejection;

export type InvitationCreation =
  | { outcome: "invited"; invitation: Invitation }
  | {
      outcome: "rejected";
      /** `already-invited`: an open one can be sent again instead. */
      reason: "already-member" | "already-invited" | "unknown-role";
    }
  | Refusal;

/** Whether the caller may invite into this organization at all; asked before a mail is paid for. */
export async function authorizeInviting(
  caller: Caller,
  organizationId: string,
  roleIds: readonly string[] = [],
): Promise<{ outcome: "authorized" } | { outcome: "not-found" }> {
  await authorize(caller, manageMembers);
  // Whoever is invited gets roles, and giving roles is a permission of its own.
  if (roleIds.length > 0) await authorize(caller, USER_PERMISSIONS.assignRoles);
  return {
    outcome: organizationId === caller.principal.organizationId ? "authorized" : "not-found",
  };
}

/** Whom an open invitation is for, told to whoever may send it again. */
export async function findOpenAddress(
  caller: Caller,
  organizationId: string,
  id: string,
): Promise<{ outcome: "known"; email: string } | { outcome: "not-found" }> {
  const authorized = await authorizeInviting(caller, organizationId);
  if (authorized.outcome === "not-found") return authorized;
  const invitation = await findOpenInvitation(id, organizationId);
  return invitation === null
    ? { outcome: "not-found" }
    : { outcome: "known", email: invitation.email };
}

/** What the caller lacks to give these roles in the organization now; null for nothing. */
async function checkPreset(
  caller: Caller,
  organizationId: string,
  roleIds: string[],
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | { outcome: "rejected"; reason: "unknown-role" } | null> {
  const authority = asCaller(caller);
  const roles = await findUsableRoles(roleIds, organizationId, tx);
  if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
  const { required } = await reachOfGrant(authority, roles, organizationId, tx);
  const beyond = await checkInOrganization(
    authority,
    manageMembers,
    organizationId,
    required,
    target,
    tx,
  );
  if (beyond !== null || roles.length === 0) return beyond;
  const { assignRoles } = USER_PERMISSIONS;
  return checkInOrganization(authority, assignRoles, organizationId, [], target, tx);
}

/**
 * Invites an address into the caller's organization, with roles that the caller could give there
 * themselves (ATK-42). One invitation an address is open at a time; whoever is a member needs none.
 */
export async function createInvitation(
  caller: Caller,
  organizationId: string,
  { email, roleIds }: NewInvitation,
  send: SendInvitation,
): Promise<InvitationCreation> {
  const authorized = await authorizeInviting(caller, organizationId, roleIds);
  if (authorized.outcome === "not-found") return authorized;
  const { principal } = caller;
  return inGuardedChange(asCaller(caller), false, async (tx): Promise<InvitationCreation> => {
    const refusal = await checkPreset(caller, organizationId, roleIds, undefined, tx);
    if (refusal !== null) return refusal;
    if (await isAddressOfMember(email, organizationId, tx)) {
      return { outcome: "rejected", reason: "already-member" };
    }
    await closeExpired(organizationId, email, tx);
    const [id, secret] = [newId(), newSecret()];
    const row = { id, organizationId, email, roleIds, invitedById: principal.userId };
    if (!(await insertInvitation(row, hashSecret(secret), LIFETIME_SECONDS, tx))) {
      return { outcome: "rejected", reason: "already-invited" };
    }
    const invitation = await findOpenInvitation(id, organizationId, tx);
    if (invitation === null) throw new Error("an invitation was not there after it was made");
    await recordChange(
      caller,
      {
        action: "invitation.created",
        target: { type: "invitation", id },
        after: { organizationId, email, roles: invitation.roles.map(({ name }) => name) },
      },
      tx,
    );
    await send(mailOf(caller, email, secret), tx);
    return { outcome: "invited", invitation };
  });
}

const mailOf = ({ principal }: Caller, email: string, secret: string) => ({
  email,
  secret,
  organizationName: principal.organizationName,
  inviterEmail: principal.email,
});

export type InvitationRenewal =
  | { outcome: "sent"; invitation: Invitation }
  | { outcome: "rejected"; reason: "unknown-role" }
  | Refusal;

/**
 * Sends an open invitation again with another secret, from now on in the caller's name: the former
 * link is dead, and what it gives is what the caller could give.
 */
export async function resendInvitation(
  caller: Caller,
  organizationId: string,
  id: string,
  send: SendInvitation,
): Promise<InvitationRenewal> {
  const authorized = await authorizeInviting(caller, organizationId);
  if (authorized.outcome === "not-found") return authorized;
  return inGuardedChange(asCaller(caller), false, async (tx): Promise<InvitationRenewal> => {
    const invitation = await findOpenInvitation(id, organizationId, tx);
    if (invitation === null) return { outcome: "not-found" };
    const target = { type: "invitation", id };
    const roleIds = invitation.roles.map((role) => role.id);
    const refusal = await checkPreset(caller, organizationId, roleIds, target, tx);
    if (refusal !== null) return refusal;
    const secret = newSecret();
    const { userId } = caller.principal;
    if (!(await renewInvitation(id, userId, hashSecret(secret), LIFETIME_SECONDS, tx))) {
      return { outcome: "not-found" };
    }
    await recordChange(
      caller,
      {
        action: "invitation.resent",
        target,
        after: { organizationId, email: invitation.email, sentCount: invitation.sentCount + 1 },
      },
      tx,
    );
    await send(mailOf(caller, invitation.email, secret), tx);
    const renewed = await findOpenInvitation(id, organizationId, tx);
    return { outcome: "sent", invitation: renewed ?? invitation };
  });
}

export type InvitationRevocation = { outcome: "revoked"; email: string } | Refusal;

/** Takes an open invitation back: its link opens nothing from then on. */
export async function revokeInvitation(
  caller: Caller,
  organizationId: string,
  id: string,
): Promise<InvitationRevocation> {
  const authorized = await authorizeInviting(caller, organizationId);
  if (authorized.outcome === "not-found") return authorized;
  return inGuardedChange(asCaller(caller), false, async (tx): Promise<InvitationRevocation> => {
    const target = { type: "invitation", id };
    const authority = asCaller(caller);
    const beyond = await checkInOrganization(
      authority,
      manageMembers,
      organizationId,
      [],
      target,
      tx,
    );
    if (beyond !== null) return beyond;
    const invitation = await findOpenInvitation(id, organizationId, tx);
    if (invitation === null || !(await revokeInvitationRow(id, tx))) {
      return { outcome: "not-found" };
    }
    const { email } = invitation;
    await recordChange(
      caller,
      { action: "invitation.revoked", target, before: { organizationId, email } },
      tx,
    );
    return { outcome: "revoked", email };
  });
}
