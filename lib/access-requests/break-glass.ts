import "server-only";
import {
  acknowledgeRow,
  countEmergencies,
  findRow,
  insertEmergency,
} from "@/lib/access-requests/access-request-store";
import { breakGlassMail } from "@/lib/access-requests/mails";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { ownRequest, type ReviewRefusal } from "@/lib/access-requests/review-request";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { listEmergencyRoles, type NamedRole } from "@/lib/authz/requestable-roles";
import { findOthersHolding, heldRole } from "@/lib/authz/role-holders";
import { findUsableRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { AAL2, requireAssurance, requireOwnHand, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { isId } from "@/lib/shared/id.schema";
import { grantForATime } from "@/lib/users/grant-for-a-time";

/** More emergencies a day are none. */
export const EMERGENCIES_A_DAY_MAX = 3;

/** The roles that the caller could give themselves in an emergency; none for whoever may not. */
export async function listOwnEmergencyRoles(caller: Caller): Promise<NamedRole[]> {
  if (!(await can(caller, ACCESS_PERMISSIONS.breakGlass))) return [];
  await authorizeToOffer(caller, ACCESS_PERMISSIONS.breakGlass);
  return listEmergencyRoles(caller.principal.organizationId);
}

export type BreakGlass =
  | { outcome: "given"; id: string; roleName: string; until: Date }
  | {
      outcome: "rejected";
      /** `unknown-role`: there is none, or it is not for emergencies. */
      reason: "unknown-role" | "already-held" | "too-many-emergencies";
    }
  | BeyondOwn
  | GuardRejection;

/**
 * Gives the caller a role for emergencies of their organization, for an hour at most, with nobody's
 * approval: by their own hand, with a second factor of the last minutes. Everybody who can approve
 * requests is told at once, somebody else has to acknowledge it, and it is never prolonged.
 */
export async function breakGlass(
  caller: Caller,
  { roleId, reason, durationSeconds }: { roleId: string; reason: string; durationSeconds: number },
): Promise<BreakGlass> {
  await authorize(caller, ACCESS_PERMISSIONS.breakGlass);
  const { principal } = caller;
  requireOwnHand(principal);
  requireAssurance(principal, { ...SENSITIVE, acr: AAL2 });
  const { userId, organizationId, organizationName } = principal;
  if (!isId(roleId)) return { outcome: "rejected", reason: "unknown-role" };
  const authority = asCaller(caller);
  return inGuardedChange(authority, true, async (tx): Promise<BreakGlass> => {
    // Whoever takes the right away, or the caller out, comes before this or after it (ATK-44).
    const { breakGlass: permission } = ACCESS_PERMISSIONS;
    const target = { type: "role", id: roleId };
    const beyond = await checkWithinOwn(authority, permission, [], target, tx);
    if (beyond !== null) return beyond;
    const role = (await findUsableRoles([roleId], organizationId, tx))?.[0];
    if (!role?.emergency) return { outcome: "rejected", reason: "unknown-role" };
    if ((await heldRole(userId, roleId, organizationId, tx)) !== "not") {
      return { outcome: "rejected", reason: "already-held" };
    }
    if ((await countEmergencies(userId, tx)) >= EMERGENCIES_A_DAY_MAX) {
      return { outcome: "rejected", reason: "too-many-emergencies" };
    }
    const seconds = Math.min(durationSeconds, minutes(60));
    const place = { userId, roleId, organizationId };
    const grant = await grantForATime({ ...place, grantedById: userId, seconds }, tx);
    if (grant === null) throw new Error("a role is held for good that was not a statement before");
    const id = newId();
    const described = { roleName: role.name, reason, durationSeconds: seconds };
    const emergency = { id, ...place, ...described, grant };
    await inTenant(organizationId, (tenant) => insertEmergency(emergency, tenant), tx);
    await recordChange(
      caller,
      {
        action: "access.break_glass_used",
        target: { type: "access_request", id },
        after: { role: role.name, reason, until: grant.expiresAt.toISOString() },
      },
      tx,
    );
    const [user, organization] = [principal.email, organizationName];
    const mail = breakGlassMail({ user, role: role.name, organization, seconds, reason });
    const others = await findOthersHolding(ACCESS_PERMISSIONS.approve, [], principal, tx);
    const sender = { organizationId };
    for (const { email } of others) await enqueueMail("break-glass", email, mail, tx, { sender });
    return { outcome: "given", id, roleName: role.name, until: grant.expiresAt };
  });
}

export type Acknowledgement = { outcome: "acknowledged" } | Exclude<ReviewRefusal, GuardRejection>;

/** Says, as somebody else, that an emergency was looked at, and what was found. Once. */
export async function acknowledgeEmergency(
  caller: Caller,
  id: string,
  note: string,
): Promise<Acknowledgement> {
  await authorize(caller, ACCESS_PERMISSIONS.approve);
  requireOwnHand(caller.principal);
  const { organizationId, userId: reviewerId } = caller.principal;
  return inTransaction(async (tx): Promise<Acknowledgement> => {
    const row = await inTenant(organizationId, (tenant) => findRow(id, organizationId, tenant), tx);
    if (row?.kind !== "break_glass") return { outcome: "not-found" };
    if (row.userId === reviewerId) return ownRequest(caller, row, tx);
    const target = { type: "access_request", id };
    const { approve } = ACCESS_PERMISSIONS;
    const beyond = await checkWithinOwn(asCaller(caller), approve, [], target, tx);
    if (beyond !== null) return beyond;
    const acknowledged = await inTenant(
      organizationId,
      (tenant) => acknowledgeRow(id, reviewerId, note, tenant),
      tx,
    );
    if (!acknowledged) return { outcome: "rejected", reason: "decided" };
    await recordChange(
      caller,
      {
        action: "access.break_glass_acknowledged",
        target,
        after: { userId: row.userId, role: row.roleName, note },
      },
      tx,
    );
    return { outcome: "acknowledged" };
  });
}
