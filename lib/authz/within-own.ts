import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { listAllowedAlone } from "@/lib/authz/allowed-alone";
import type { Authority } from "@/lib/authz/authority";
import { beyondTraceOf } from "@/lib/authz/beyond-trace";
import { forNow, type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import { listHoldings, listHoldingsOfAll, listServiceHoldings } from "@/lib/authz/holdings-store";
import { listEverything } from "@/lib/authz/holds-everything";
import { listDeniedKeys } from "@/lib/authz/list-held-permissions";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import type { RoleRow } from "@/lib/authz/role-store";
import { insertTrace } from "@/lib/authz/trace-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/** The change reaches beyond what its author holds; the decision's id leads to its audit event. */
export interface BeyondOwn {
  outcome: "rejected";
  reason: "beyond-own-permissions";
  missing: string[];
  decisionId: string;
}

/**
 * Null when the author holds everything in `required` now, and still holds the
 * permission that the change needs: both are read in the transaction that
 * changes, because somebody may just have taken them away (ATK-42, ATK-44).
 * A refusal is recorded.
 */
export async function checkWithinOwn(
  authority: Authority,
  permission: Permission,
  required: Holding[],
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const { caller } = authority;
  return judgeHeld(caller, await listUndenied(caller, tx), permission, required, target, tx);
}

/**
 * The same by what the author's roles give, whatever a policy denies them: who may rule over
 * policies may undo one that denies them something (ATK-44).
 */
export async function checkWithinRoles(
  authority: Authority,
  permission: Permission,
  required: Holding[],
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const { caller } = authority;
  const held = await listOwnHoldings(caller.principal, tx);
  return judgeHeld(caller, held, permission, required, target, tx);
}

async function judgeHeld(
  { principal, request }: Caller,
  held: Holding[],
  permission: Permission,
  required: Holding[],
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  const holdsPermission = held.some(({ permissionKey }) => permissionKey === permission.key);
  const missing = permissionKeysOf(missingFrom(held, required));
  if (holdsPermission && missing.length === 0) return null;
  const lacking = holdsPermission ? missing : [permission.key];
  const decisionId = await recordDenial(
    {
      id: newId(),
      actor: actorOfPrincipal(principal),
      target,
      reason: `${permission.key}: beyond-own-permissions`,
      after: { missing: lacking },
    },
    request,
    tx,
  );
  const trace = beyondTraceOf(principal, permission, target ?? null, required, held);
  await insertTrace(decisionId, principal.organizationId, trace, tx);
  return { outcome: "rejected", reason: "beyond-own-permissions", missing: lacking, decisionId };
}

/**
 * What the caller's roles give them, less what a policy denies them whatever the record: it is not
 * theirs to pass on either.
 */
async function listUndenied(caller: Caller, tx: Db): Promise<Holding[]> {
  const held = await listOwnHoldings(caller.principal, tx);
  const denied = await listDeniedKeys(caller);
  return held.filter(({ permissionKey }) => !denied.has(permissionKey));
}

/** What whoever acts on the user holds at that moment: all that they hold, and are allowed alone. */
const requiredAbove = async (userId: string, author: Principal, tx: Db): Promise<Holding[]> =>
  forNow([...(await listHoldings(userId, tx)), ...(await listAllowedAlone(userId, author, tx))]);

/** The same for all that the user holds, in any organization: null when the author is not below them. */
export async function checkNotAbove(
  authority: Authority,
  permission: Permission,
  userId: string,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const required = await requiredAbove(userId, authority.caller.principal, tx);
  return checkWithinOwn(authority, permission, required, { type: "user", id: userId }, tx);
}

/** The same for a team of people: null when the author is below none of them. */
export async function checkNoneAbove(
  authority: Authority,
  permission: Permission,
  userIds: string[],
  target: { type: string; id: string },
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const required = forNow(await listHoldingsOfAll(userIds, tx));
  return checkWithinOwn(authority, permission, required, target, tx);
}

/**
 * The same for all that a client's roles give as a service account: whoever gets at its secret, or
 * decides where it is accepted from, acts as it (ATK-42). Null for a client that has no roles.
 */
export async function checkServiceNotAbove(
  authority: Authority,
  permission: Permission,
  clientId: string,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const required = forNow(await listServiceHoldings(clientId, tx));
  if (required.length === 0) return null;
  return checkWithinOwn(authority, permission, required, { type: "client", id: clientId }, tx);
}

/** What of `required` the principal lacks now. Asking is no refusal, and leaves no event. */
export const listMissing = async (
  principal: Principal,
  required: Holding[],
  tx: Db,
): Promise<string[]> =>
  permissionKeysOf(missingFrom(await listOwnHoldings(principal, tx), required));

/** What a service account holds and the principal lacks: with any of it, it is not theirs to change. */
export const listServiceBeyond = (principal: Principal, clientId: string): Promise<string[]> =>
  inTransaction(async (tx) =>
    listMissing(principal, forNow(await listServiceHoldings(clientId, tx)), tx),
  );

/** What the role gives and the principal lacks: with any of it, the role is not theirs to change. */
export const listRoleBeyond = (principal: Principal, role: RoleRow): Promise<string[]> =>
  inTransaction((tx) =>
    listMissing(principal, forNow(holdingsOfRole(role, role.organizationId)), tx),
  );

/** What the user holds and the principal lacks: with any of it, the user is not theirs to change. */
export const listBeyond = (principal: Principal, userId: string): Promise<string[]> =>
  inTransaction(async (tx) =>
    listMissing(principal, await requiredAbove(userId, principal, tx), tx),
  );

/** The same for everything there is: what reaches as far as any user does is only for whoever does, too. */
export async function checkHoldsEverything(
  authority: Authority,
  permission: Permission,
  target: { type: string; id: string } | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  return checkWithinOwn(authority, permission, await listEverything(tx), target, tx);
}

/** Whether the author could act as any user anyway. Asking is no refusal, and leaves no event. */
export async function reachesEverybody(authority: Authority, tx: Db): Promise<boolean> {
  if (authority.kind === "operator") return true;
  const held = await listOwnHoldings(authority.caller.principal, tx);
  return missingFrom(held, await listEverything(tx)).length === 0;
}
