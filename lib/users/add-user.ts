import "server-only";
import type { AuditEventInput } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { holdsEverything } from "@/lib/authz/holds-everything";
import type { Probe } from "@/lib/authz/impact/probe";
import {
  findUsableRoles,
  reachOfDefaultRoles,
  reachOfGrant,
  requiredForNewcomer,
} from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { createUser } from "@/lib/users/create-user";
import { organizationOf } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findMemberRow, type ListedUser } from "@/lib/users/user-directory-store";

export interface AddedUser {
  email: string;
  name: string | null;
  status: "active" | "pending";
  /** Null gives what everybody gets who signs up. */
  roleIds: string[] | null;
}

/** Of a change that is only looked at, and taken back: whom it would create is known by the id. */
export interface AdditionTerms {
  id?: string;
  probe?: Probe | undefined;
}

export type UserAddition =
  | { outcome: "created"; user: ListedUser }
  | { outcome: "rejected"; reason: "address-taken" | "unknown-role" }
  | BeyondOwn
  | GuardRejection;

/** What remains to be done for a new user, in the transaction that creates them. */
export type Finish = (
  user: { id: string; administrator: boolean; actor: AuditEventInput["actor"] },
  tx: Db,
) => Promise<void>;

/** What takes long, before the transaction and after whoever may not add anybody was refused. */
export type Prepare = () => Promise<Finish>;

/**
 * Creates a user on somebody's word: the address counts as verified, because
 * whoever adds them vouches for it. Roles beyond those of every sign-up need
 * the permission to assign them and everything in them, and those of every sign-up
 * reach no further than the organization where their author could not give them everywhere (ATK-42). A user who can
 * sign in at once takes a fresh proof; one who is invited does not. `finish`
 * gives the user a way to sign in.
 */
export async function addUser(
  caller: Caller,
  user: AddedUser,
  prepare: Prepare,
  { id = newId(), probe }: AdditionTerms = {},
): Promise<UserAddition> {
  // Asked about the new user: whoever may manage only themselves adds nobody.
  const record = { id, email: user.email, status: user.status };
  await authorize(caller, USER_PERMISSIONS.manage, record);
  if (user.roleIds !== null && user.roleIds.length > 0) {
    await authorize(caller, USER_PERMISSIONS.assignRoles, record);
  }
  // Whoever sets somebody's password has their account, and nobody has read a mail for it (F22).
  if (user.status === "active") requireAssurance(caller.principal, SENSITIVE);
  return insert(asCaller(caller), id, user, await prepare(), probe);
}

/** The same from the command line of the machine, with any roles. */
export const addUserAsOperator = async (
  request: RequestFacts,
  user: AddedUser,
  prepare: Prepare,
): Promise<UserAddition> => insert({ kind: "operator", request }, newId(), user, await prepare());

function insert(
  authority: Authority,
  id: string,
  { email, name, status, roleIds }: AddedUser,
  finish: Finish,
  probe?: Probe,
): Promise<UserAddition> {
  const change = async (tx: Db): Promise<UserAddition> => {
    const organizationId = await organizationOf(authority, tx);
    const roles = await findUsableRoles(roleIds ?? [], organizationId, tx);
    if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
    const { holdIn, required } = await reachOfGrant(authority, roles, organizationId, tx);
    const permission = roles.length > 0 ? USER_PERMISSIONS.assignRoles : USER_PERMISSIONS.manage;
    const decided = await requiredForNewcomer(
      authority,
      { id, email, roleIds },
      organizationId,
      tx,
    );
    const all = [...required, ...decided];
    const record = { id, email, status };
    const beyond = await checkWithinOwn(authority, permission, all, undefined, tx, record);
    if (beyond !== null) return beyond;
    const actor = actorOf(authority);
    const created = await createUser(
      {
        id,
        email,
        name,
        status,
        emailVerified: new Date(),
        organizationId,
        roles: roleIds ?? "default",
        rolesHoldIn:
          roleIds === null ? await reachOfDefaultRoles(authority, organizationId, tx) : holdIn,
      },
      actor,
      requestOf(authority),
      tx,
    );
    if (!created) return { outcome: "rejected", reason: "address-taken" };
    await finish({ id, actor, administrator: await holdsEverything(id, tx) }, tx);
    const user = await findMemberRow(id, organizationId, tx);
    if (user === null) throw new Error("a user was not there after they were created");
    return { outcome: "created", user };
  };
  return inGuardedChange(authority, false, change, probe);
}
