import "server-only";
import {
  type AccessRequestRow,
  decideRow,
  findRow,
  noteGrant,
} from "@/lib/access-requests/access-request-store";
import { accessDecidedMail } from "@/lib/access-requests/mails";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { recordGateRefusal } from "@/lib/authz/refuse-at-gate";
import { heldRole } from "@/lib/authz/role-holders";
import { findUsableRoles, requiredForRoles, type UsableRole } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { requireOwnHand } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { isMember } from "@/lib/users/govern-user";
import { grantForATime } from "@/lib/users/grant-for-a-time";
import { findUserIdentity } from "@/lib/users/user-identity";

export type ReviewRefusal =
  | { outcome: "not-found" }
  /** `decided`: somebody was faster, it was withdrawn, or nobody may answer it any more. */
  | { outcome: "rejected"; reason: "decided" | "already-held" | "requester-gone" }
  /** By whatever session or token: nobody answers what they asked for themselves. */
  | { outcome: "rejected"; reason: "own-request"; decisionId: string }
  | BeyondOwn
  | GuardRejection;

export type Review =
  | { outcome: "approved"; userEmail: string; roleName: string; until: Date }
  | { outcome: "denied"; userEmail: string; roleName: string }
  | ReviewRefusal;

/** The role as it is now; null once it is deleted, or the organization cannot use it. */
export async function roleOf(
  { roleId, organizationId }: AccessRequestRow,
  tx: Db,
): Promise<UsableRole | null> {
  if (roleId === null) return null;
  return (await findUsableRoles([roleId], organizationId, tx))?.[0] ?? null;
}

/** The refusal of whoever would answer for themselves, on record. */
export async function ownRequest(
  caller: Caller,
  asked: Pick<AccessRequestRow, "id" | "userId">,
  tx: Db,
): Promise<Extract<ReviewRefusal, { reason: "own-request" }>> {
  const gate = { rule: "own-request", requesterId: asked.userId } as const;
  const target = { type: "access_request", id: asked.id };
  const decisionId = await recordGateRefusal(caller, gate, { id: newId(), target, tx });
  return { outcome: "rejected", reason: "own-request", decisionId };
}

/**
 * Approves somebody else's request, and gives the role from now on until the asked-for time is over.
 * The caller holds all that the role gives, at this moment, and has just proven who they are. Of any
 * number who answer at once, one does (F99).
 */
export const approveRequest = (
  caller: Caller,
  id: string,
  note: string,
  probe?: Probe,
): Promise<Review> => review(caller, id, "approved", note, probe);

/** Denies it, under the same terms. */
export const denyRequest = (caller: Caller, id: string, note: string): Promise<Review> =>
  review(caller, id, "denied", note);

async function review(
  caller: Caller,
  id: string,
  decision: "approved" | "denied",
  note: string,
  probe?: Probe,
): Promise<Review> {
  await authorize(caller, ACCESS_PERMISSIONS.approve);
  requireOwnHand(caller.principal);
  const authority = asCaller(caller);
  const { organizationId, userId: reviewerId } = caller.principal;
  const change = async (tx: Db): Promise<Review> => {
    const request = await inTenant(
      organizationId,
      (tenant) => findRow(id, organizationId, tenant),
      tx,
    );
    if (request === null || request.kind !== "request") return { outcome: "not-found" };
    if (request.userId === reviewerId) return ownRequest(caller, request, tx);
    const role = await roleOf(request, tx);
    if (role === null) return { outcome: "not-found" };
    const target = { type: "access_request", id };
    const required = await requiredForRoles([role], organizationId, tx);
    const beyond = await checkWithinOwn(
      authority,
      ACCESS_PERMISSIONS.approve,
      required,
      target,
      tx,
    );
    if (beyond !== null) return beyond;
    if (decision === "approved") {
      const refusal = await refusalToGrant(request, role, tx);
      if (refusal !== null) return refusal;
    }
    const decided = await inTenant(
      organizationId,
      (tenant) => decideRow(id, decision, reviewerId, note, tenant),
      tx,
    );
    if (!decided) return { outcome: "rejected", reason: "decided" };
    const until = decision === "approved" ? await grant(request, role, reviewerId, tx) : null;
    const { roleName, userEmail, userId, durationSeconds: seconds } = request;
    await recordChange(
      caller,
      {
        action: decision === "approved" ? "access.request_approved" : "access.request_denied",
        target,
        after: { userId, role: roleName, note, seconds, until: until?.toISOString() ?? null },
      },
      tx,
    );
    const organization = caller.principal.organizationName;
    const mail = accessDecidedMail(decision, { role: roleName, organization, note }, until);
    await enqueueMail("access-decided", userEmail, mail, tx, { sender: { organizationId } });
    if (until === null) return { outcome: "denied", userEmail, roleName };
    return { outcome: "approved", userEmail, roleName, until };
  };
  // The author loses nothing by it.
  return inGuardedChange(authority, true, change, probe);
}

/** Whom an answer would be for, in the caller's organization; nobody for any other id. */
export async function listRequesters(caller: Caller, id: string): Promise<string[]> {
  await authorizeToOffer(caller, ACCESS_PERMISSIONS.approve);
  const { organizationId } = caller.principal;
  const request = await inTenant(organizationId, (tenant) => findRow(id, organizationId, tenant));
  return request === null ? [] : [request.userId];
}

/** Why the role cannot be given to who asked for it, whoever approves. */
async function refusalToGrant(
  { userId, organizationId, state }: AccessRequestRow,
  role: UsableRole,
  tx: Db,
): Promise<ReviewRefusal | null> {
  if (state !== "pending") return { outcome: "rejected", reason: "decided" };
  const user = await findUserIdentity(userId, tx);
  if (user?.status !== "active" || !(await isMember(userId, organizationId, tx))) {
    return { outcome: "rejected", reason: "requester-gone" };
  }
  const held = await heldRole(userId, role.id, organizationId, tx);
  return held === "for-good" ? { outcome: "rejected", reason: "already-held" } : null;
}

async function grant(
  { id, userId, organizationId, durationSeconds: seconds }: AccessRequestRow,
  role: UsableRole,
  grantedById: string,
  tx: Db,
): Promise<Date> {
  const place = { userId, roleId: role.id, organizationId };
  const given = await grantForATime({ ...place, grantedById, seconds }, tx);
  // Thrown, so that the decision is not kept without what it was for.
  if (given === null) throw new Error("a role is held for good that was not a statement before");
  await inTenant(organizationId, (tenant) => noteGrant(id, given, tenant), tx);
  return given.expiresAt;
}
