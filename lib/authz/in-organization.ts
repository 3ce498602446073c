import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import type { Authority } from "@/lib/authz/authority";
import { AccessDenied, authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { beyondTraceOf } from "@/lib/authz/beyond-trace";
import { forNow, type Holding, missingFrom } from "@/lib/authz/holdings";
import { listHoldings } from "@/lib/authz/holdings-store";
import { listHoldingsOfUser, listOwnHoldings } from "@/lib/authz/own-holdings";
import { insertTrace } from "@/lib/authz/trace-store";
import { findUsableRoles, requiredForRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

const holdingOf = ({ key }: Permission, organizationId: string | null): Holding => ({
  permissionKey: key,
  condition: null,
  organizationId,
  // It is used at once, and not passed on.
  until: new Date(0),
});

/** Whether the principal holds the permission on the whole instance, and not in an organization alone. */
export const holdsOnInstance = (principal: Principal, permission: Permission) =>
  inTransaction(async (tx) => {
    const held = await listOwnHoldings(principal, tx);
    return missingFrom(held, [holdingOf(permission, null)]).length === 0;
  });

/**
 * As `authorize`, for what acts on the whole instance: held in one organization,
 * the permission is none here (ATK-43).
 */
export async function authorizeOnInstance(caller: Caller, permission: Permission): Promise<void> {
  await authorize(caller, permission);
  await refuseUnlessOnInstance(caller, permission);
}

/** The same for what only shows what the permission is for, as `authorizeToOffer`. */
export async function authorizeToOfferOnInstance(
  caller: Caller,
  permission: Permission,
): Promise<void> {
  await authorizeToOffer(caller, permission);
  await refuseUnlessOnInstance(caller, permission);
}

async function refuseUnlessOnInstance(caller: Caller, permission: Permission): Promise<void> {
  const { principal, request } = caller;
  if (await holdsOnInstance(principal, permission)) return;
  const decisionId = await recordDenial(
    {
      id: request.decisionId,
      actor: actorOfPrincipal(principal),
      reason: `${permission.key}: no-grant`,
    },
    request,
  );
  await inTransaction(async (tx) => {
    const held = await listOwnHoldings(principal, tx);
    const trace = beyondTraceOf(principal, permission, null, [holdingOf(permission, null)], held);
    await insertTrace(decisionId, principal.organizationId, trace, tx);
  });
  throw new AccessDenied(decisionId, permission, "no-grant");
}

/** The same once more in the transaction of the change: it may just have been taken away. */
export const checkOnInstance = (
  authority: Authority,
  permission: Permission,
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> =>
  checkWithinOwn(authority, permission, [holdingOf(permission, null)], target, tx);

/** Null when the author holds the permission in the organization now, and all of `required`. */
export const checkInOrganization = (
  authority: Authority,
  permission: Permission,
  organizationId: string,
  required: Holding[],
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> =>
  checkWithinOwn(
    authority,
    permission,
    [holdingOf(permission, organizationId), ...required],
    target,
    tx,
  );

/**
 * The same for what is done to somebody in one organization only: what they hold in others is out
 * of its reach, and what they hold on the whole instance is not (ATK-42).
 */
export async function checkNotAboveIn(
  authority: Authority,
  permission: Permission,
  userId: string,
  organizationId: string,
  tx: Db,
): Promise<BeyondOwn | null> {
  const holdings = await listHoldings(userId, tx);
  const here = forNow(
    holdings.filter((held) => [null, organizationId].includes(held.organizationId)),
  );
  const target = { type: "user", id: userId };
  return checkInOrganization(authority, permission, organizationId, here, target, tx);
}

/**
 * Which of these roles the user could give in the organization now; null when they lack one of the
 * permissions for that there themselves, or may not sign in any more.
 */
export async function rolesWithin(
  author: { userId: string; active: boolean },
  permissions: Permission[],
  roleIds: string[],
  organizationId: string,
  tx: Db,
): Promise<{ id: string; name: string }[] | null> {
  if (!author.active) return null;
  const held = await listHoldingsOfUser(author.userId, tx);
  const needed = permissions.map((permission) => holdingOf(permission, organizationId));
  if (missingFrom(held, needed).length > 0) return null;
  const within: { id: string; name: string }[] = [];
  for (const roleId of roleIds) {
    const [role] = (await findUsableRoles([roleId], organizationId, tx)) ?? [];
    if (role === undefined) continue;
    const required = await requiredForRoles([role], organizationId, tx);
    if (missingFrom(held, required).length === 0) within.push({ id: role.id, name: role.name });
  }
  return within;
}
