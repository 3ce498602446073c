import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { findUsableRoles, reachOfGrant } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { NewInvitation } from "@/lib/invitations/invitation.schema";
import {
  closeExpired,
  findOpenInvitation,
  type Invitation,
  insertInvitation,
  isAddressOfMember,
  type NewInvitation as NewInvitationRow,
  renewInvitation,
  revokeInvitationRow,
} from "@/lib/invitations/invitation-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTenant, type TenantDb } from "@/lib/platform/db/tenant";
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
  mail: {
    email: string;
    secret: string;
    organizationId: string;
    organizationName: string;
    inviterEmail: string;
  },
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

/** Whoever is invited, as conditions may ask about users: nobody's own record. */
const invitee = (email: string) => ({ id: newId(), email, status: "pending" });

/**
 * Whether the caller may invite into this organization, an address with roles where one is named;
 * asked before a mail is paid for.
 */
export async function authorizeInviting(
  caller: Caller,
  organizationId: string,
  wanted?: NewInvitation,
): Promise<{ outcome: "authorized" } | { outcome: "not-found" }> {
  await authorize(caller, manageMembers);
  // Whoever is invited gets roles, and giving roles is a permission of its own.
  if (wanted !== undefined && wanted.roleIds.length > 0) {
    await authorize(caller, USER_PERMISSIONS.assignRoles, invitee(wanted.email));
  }
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
  const invitation = await findOpen(id, organizationId);
  return invitation === null
    ? { outcome: "not-found" }
    : { outcome: "known", email: invitation.email };
}

const findOpen = (id: string, organizationId: string, tx?: Db): Promise<Invitation | null> =>
  inTenant(organizationId, (tenant) => findOpenInvitation(id, organizationId, tenant), tx);

/** What the caller lacks to invite this address with these roles now; null for nothing. */
async function checkPreset(
  caller: Caller,
  organizationId: string,
  { email, roleIds }: NewInvitation,
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | { outcome: "rejected"; reason: "unknown-role" } | null> {
  const authority = asCaller(caller);
  const roles = await findUsableRoles(roleIds, organizationId, tx);
  if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
  const { required } = await reachOfGrant(authority, roles, organizationId, tx);
  const beyond = await checkWithinOwn(authority, manageMembers, required, target, tx);
  if (beyond !== null || roles.length === 0) return beyond;
  const { assignRoles } = USER_PERMISSIONS;
  return checkWithinOwn(authority, assignRoles, [], target, tx, invitee(email));
}

/** An invitation that is only looked at, and taken back, with what its acceptance makes of somebody. */
export interface InvitationTrial {
  probe: Probe;
  accept(tx: Db): Promise<void>;
}

/**
 * Invites an address into the caller's organization, with roles that the caller could give there
 * themselves (ATK-42). One invitation an address is open at a time; whoever is a member needs none.
 */
export async function createInvitation(
  caller: Caller,
  organizationId: string,
  wanted: NewInvitation,
  send: SendInvitation,
  trial?: InvitationTrial,
): Promise<InvitationCreation> {
  const { email, roleIds } = wanted;
  const authorized = await authorizeInviting(caller, organizationId, wanted);
  if (authorized.outcome === "not-found") return authorized;
  const { principal } = caller;
  const change = async (tx: Db): Promise<InvitationCreation> => {
    const refusal = await checkPreset(caller, organizationId, wanted, undefined, tx);
    if (refusal !== null) return refusal;
    const [id, secret] = [newId(), newSecret()];
    const row = { id, organizationId, email, roleIds, invitedById: principal.userId };
    const invitation = await inTenant(
      organizationId,
      (tenant) => insertNew(row, secret, tenant),
      tx,
    );
    if ("outcome" in invitation) return invitation;
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
    await trial?.accept(tx);
    return { outcome: "invited", invitation };
  };
  return inGuardedChange(asCaller(caller), false, change, trial?.probe);
}

async function insertNew(
  row: NewInvitationRow,
  secret: string,
  tenant: TenantDb,
): Promise<Invitation | Extract<InvitationCreation, { outcome: "rejected" }>> {
  const { id, organizationId, email } = row;
  if (await isAddressOfMember(email, organizationId, tenant)) {
    return { outcome: "rejected", reason: "already-member" };
  }
  await closeExpired(organizationId, email, tenant);
  if (!(await insertInvitation(row, hashSecret(secret), LIFETIME_SECONDS, tenant))) {
    return { outcome: "rejected", reason: "already-invited" };
  }
  const invitation = await findOpenInvitation(id, organizationId, tenant);
  if (invitation === null) throw new Error("an invitation was not there after it was made");
  return invitation;
}

const mailOf = ({ principal }: Caller, email: string, secret: string) => ({
  email,
  secret,
  organizationId: principal.organizationId,
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
    const invitation = await findOpen(id, organizationId, tx);
    if (invitation === null) return { outcome: "not-found" };
    const target = { type: "invitation", id };
    const { email, roles } = invitation;
    const wanted = { email, roleIds: roles.map((role) => role.id) };
    const refusal = await checkPreset(caller, organizationId, wanted, target, tx);
    if (refusal !== null) return refusal;
    const secret = newSecret();
    const { userId } = caller.principal;
    const renewed = await inTenant(
      organizationId,
      async (tenant) =>
        (await renewInvitation(id, userId, hashSecret(secret), LIFETIME_SECONDS, tenant)) &&
        (await findOpenInvitation(id, organizationId, tenant)),
      tx,
    );
    if (renewed === false) return { outcome: "not-found" };
    await recordChange(
      caller,
      {
        action: "invitation.resent",
        target,
        after: { organizationId, email, sentCount: invitation.sentCount + 1 },
      },
      tx,
    );
    await send(mailOf(caller, email, secret), tx);
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
    const beyond = await checkWithinOwn(authority, manageMembers, [], target, tx);
    if (beyond !== null) return beyond;
    const invitation = await inTenant(
      organizationId,
      async (tenant) => {
        const open = await findOpenInvitation(id, organizationId, tenant);
        return open !== null && (await revokeInvitationRow(id, tenant)) ? open : null;
      },
      tx,
    );
    if (invitation === null) return { outcome: "not-found" };
    const { email } = invitation;
    await recordChange(
      caller,
      { action: "invitation.revoked", target, before: { organizationId, email } },
      tx,
    );
    return { outcome: "revoked", email };
  });
}
