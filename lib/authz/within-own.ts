import "server-only";
import type { Row } from "@/lib/authz/ability";
import { listAllowedAlone, listAllowedNewcomer } from "@/lib/authz/allowed-alone";
import { findDefaultPlace } from "@/lib/authz/allowed-alone-store";
import { askWithin, standingOf } from "@/lib/authz/ask-within";
import type { Authority } from "@/lib/authz/authority";
import type { Question } from "@/lib/authz/evaluate";
import { listGivable, listUndenied } from "@/lib/authz/givable";
import {
  distinct,
  forNow,
  type Holding,
  missingFrom,
  permissionKeysOf,
} from "@/lib/authz/holdings";
import { listHoldings, listServiceHoldings } from "@/lib/authz/holdings-store";
import { listEverything } from "@/lib/authz/holds-everything";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { recordBeyond } from "@/lib/authz/record-beyond";
import { recordDeniedQuestion } from "@/lib/authz/record-denied-question";
import { holdingsOfRole } from "@/lib/authz/role-grants";
import type { RoleRow } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
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

/** What a change is about: to name it, and as conditions may ask about it. */
export interface Target {
  type: string;
  id: string;
}

/**
 * Null when the author may do this now, by whatever gives it, and holds everything in `required`.
 * These are two questions: whether somebody may do something is what the evaluator answers; how much
 * they may give, take or govern by it goes by what their roles give them, less what a policy denies
 * them, so that nobody passes on what they are only allowed (ATK-42). Both are read in the transaction
 * that changes, because somebody may just have taken them away (ATK-44). `record` is what conditions
 * may ask about; without it any record is. A refusal is recorded.
 */
export async function checkWithinOwn(
  authority: Authority,
  permission: Permission,
  required: Holding[],
  target: Target | undefined,
  tx: Db,
  record?: Row,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const { caller } = authority;
  const standing = await standingOf(caller, tx);
  const question = askWithin(standing, permission, record);
  const refusal = await checkAllowed(caller, permission, question, target, tx);
  if (refusal !== null) return refusal;
  const held = await listUndenied(caller, standing, required, tx);
  return checkHeld(caller, held, permission, required, target, tx);
}

/**
 * The same by what the author's roles give, whatever a policy denies them: who may rule over
 * policies may undo one that denies them something (ATK-44).
 */
export async function checkWithinRoles(
  authority: Authority,
  permission: Permission,
  required: Holding[],
  target: Target | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const { caller } = authority;
  const question = askWithin(await standingOf(caller, tx), permission);
  const refusal = await checkAllowed(caller, permission, question, target, tx);
  if (refusal !== null) return refusal;
  const held = await listOwnHoldings(caller.principal, tx);
  return checkHeld(caller, held, permission, required, target, tx);
}

/** Whether they may do it at all. */
async function checkAllowed(
  caller: Caller,
  permission: Permission,
  question: Question,
  target: Target | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  const denied = await recordDeniedQuestion(caller, permission, question, target, tx);
  if (denied === null) return null;
  const { decisionId } = denied;
  const missing = [permission.key];
  return { outcome: "rejected", reason: "beyond-own-permissions", missing, decisionId };
}

/** Whether it stays within what is held: explained by what they hold of it. A refusal is recorded. */
export async function checkHeld(
  caller: Caller,
  held: Holding[],
  permission: Permission,
  required: Holding[],
  target: Target | undefined,
  tx: Db,
): Promise<BeyondOwn | null> {
  const missing = permissionKeysOf(missingFrom(held, required));
  if (missing.length === 0) return null;
  const reason = `${permission.key}: beyond-own-permissions`;
  const refusal = { permission, reason, missing, required, held, target };
  const decisionId = await recordBeyond(caller, refusal, tx);
  return { outcome: "rejected", reason: "beyond-own-permissions", missing, decisionId };
}

/** What whoever acts on the users holds at that moment: all that they hold, and are allowed alone. */
async function requiredAbove(userIds: string[], author: Principal, tx: Db): Promise<Holding[]> {
  const alone = await listAllowedAlone({ userIds }, author, tx);
  return forNow([...(await listHoldings(userIds, tx)), ...distinct([...alone.values()].flat())]);
}

/** The permissions that the user holds now, in any organization, by whatever gives them; each once. */
export const listHeldKeys = async (userId: string, author: Principal, tx: Db): Promise<string[]> =>
  permissionKeysOf(await requiredAbove([userId], author, tx));

/** The same of a service account; `arrivesIn` is where it will act from then on, if it does not yet. */
async function requiredAboveService(
  clientId: string,
  author: Principal,
  tx: Db,
  arrivesIn: string | null,
): Promise<Holding[]> {
  const alone = await listAllowedAlone({ clientIds: [clientId] }, author, tx);
  const arriving =
    arrivesIn === null
      ? []
      : await listAllowedNewcomer(
          { kind: "service", id: clientId, organizationId: arrivesIn, email: "", roleIds: [] },
          author,
          tx,
        );
  const held = await listServiceHoldings(clientId, tx);
  // What it is allowed from now on it is for good.
  return [...forNow([...held, ...distinct(alone.get(clientId) ?? [])]), ...arriving];
}

/** The same for all that the user holds, in any organization: null when the author is not below them. */
export async function checkNotAbove(
  authority: Authority,
  permission: Permission,
  userId: string,
  tx: Db,
  record?: Row,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const required = await requiredAbove([userId], authority.caller.principal, tx);
  const target = { type: "user", id: userId };
  return checkWithinOwn(authority, permission, required, target, tx, record);
}

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
  if (authority.kind === "operator") return null;
  const required = await requiredAbove([userId], authority.caller.principal, tx);
  const here = required.filter((it) => [null, organizationId].includes(it.organizationId));
  return checkWithinOwn(authority, permission, here, { type: "user", id: userId }, tx);
}

/** The same for a team of people: null when the author is below none of them. */
export async function checkNoneAbove(
  authority: Authority,
  permission: Permission,
  userIds: string[],
  target: Target,
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const required = await requiredAbove(userIds, authority.caller.principal, tx);
  return checkWithinOwn(authority, permission, required, target, tx);
}

/** The same for a client that is made a service account by this, in the installation's own organization. */
export const checkNewService = async (
  authority: Authority,
  permission: Permission,
  clientId: string,
  tx: Db,
): Promise<BeyondOwn | null> =>
  // An operator may make one before there is an organization.
  authority.kind === "operator"
    ? null
    : checkServiceNotAbove(authority, permission, clientId, tx, await findDefaultPlace(tx));

/**
 * The same for all that a client's roles give as a service account, and policies allow it alone:
 * whoever gets at its secret, or decides where it is accepted from, acts as it (ATK-42). Null for a
 * client that has nothing. `arrivesIn` is where it will act by this, for one that does not act there yet.
 */
export async function checkServiceNotAbove(
  authority: Authority,
  permission: Permission,
  clientId: string,
  tx: Db,
  arrivesIn: string | null = null,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator") return null;
  const { principal } = authority.caller;
  const required = await requiredAboveService(clientId, principal, tx, arrivesIn);
  if (required.length === 0) return null;
  return checkWithinOwn(authority, permission, required, { type: "client", id: clientId }, tx);
}

/** What of `required` the caller could not pass on now. Asking is no refusal, and leaves no event. */
export const listMissing = async (caller: Caller, required: Holding[], tx: Db): Promise<string[]> =>
  permissionKeysOf(missingFrom(await listGivable(caller, tx, required), required));

/** What a service account holds and the caller lacks: with any of it, it is not theirs to change. */
export const listServiceBeyond = (
  caller: Caller,
  clientId: string,
  arrivesIn: string | null = null,
): Promise<string[]> =>
  inTransaction(async (tx) =>
    listMissing(caller, await requiredAboveService(clientId, caller.principal, tx, arrivesIn), tx),
  );

/** What the role gives and the caller lacks: with any of it, the role is not theirs to change. */
export const listRoleBeyond = (caller: Caller, role: RoleRow): Promise<string[]> =>
  inTransaction((tx) => listMissing(caller, forNow(holdingsOfRole(role, role.organizationId)), tx));

/** What the user holds and the caller lacks: with any of it, the user is not theirs to change. */
export const listBeyond = (caller: Caller, userId: string): Promise<string[]> =>
  inTransaction(async (tx) =>
    listMissing(caller, await requiredAbove([userId], caller.principal, tx), tx),
  );

/** The same for everything there is: what reaches as far as any user does is only for whoever does, too. */
export async function checkHoldsEverything(
  authority: Authority,
  permission: Permission,
  target: Target | undefined,
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
