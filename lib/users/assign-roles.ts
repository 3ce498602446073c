import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { forNow } from "@/lib/authz/holdings";
import type { Probe } from "@/lib/authz/impact/probe";
import { findUsableRoles, reachOfGrant, requiredForRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { governUser } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import type { HeldRole } from "@/lib/users/user-directory-store";
import { askedUser } from "@/lib/users/user-resource";
import {
  deleteLastingGrants,
  deleteUserGrants,
  listUserGrants,
  type UserGrant,
} from "@/lib/users/user-roles-store";
import { grantRoles } from "@/lib/users/user-store";

export type RoleAssignment =
  | { outcome: "assigned"; roles: HeldRole[]; changed: boolean }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unknown-role" }
  | BeyondOwn
  | GuardRejection;

/**
 * Makes these the roles that the user has for good in the caller's organization, as one change. The
 * caller holds everything in every role that comes or goes, and everything that
 * the user holds (ATK-42). What was given for a time ends by itself: it stays, unless its role is
 * among these, and then it is held for good.
 */
export async function assignRoles(
  caller: Caller,
  userId: string,
  roleIds: string[],
  { confirmed, probe }: { confirmed: boolean; probe?: Probe | undefined },
): Promise<RoleAssignment> {
  await authorize(caller, USER_PERMISSIONS.assignRoles, await askedUser(caller, userId));
  return replaceRoles(asCaller(caller), userId, () => roleIds, { confirmed, probe });
}

/** Gives the user one role for good, or takes it whichever way they have it; the others stay. */
export async function toggleRole(
  caller: Caller,
  userId: string,
  roleId: string,
  held: boolean,
): Promise<RoleAssignment> {
  await authorize(caller, USER_PERMISSIONS.assignRoles, { id: userId });
  const wanted = (present: string[]) =>
    held ? [...present, roleId] : present.filter((id) => id !== roleId);
  const terms = { confirmed: false, timedToo: held ? [] : [roleId] };
  return replaceRoles(asCaller(caller), userId, wanted, terms);
}

/**
 * The same for whoever has the authority; `wanted` says the new set in terms of the present one. Of
 * the roles in `timedToo` what was given for a time counts like what was given for good.
 */
export async function replaceRoles(
  authority: Authority,
  userId: string,
  wanted: (present: string[]) => string[],
  {
    confirmed,
    probe,
    timedToo = [],
  }: { confirmed: boolean; probe?: Probe | undefined; timedToo?: string[] },
): Promise<RoleAssignment> {
  const change = async (tx: Db): Promise<RoleAssignment> => {
    const permission = USER_PERMISSIONS.assignRoles;
    const governed = await governUser(authority, permission, userId, tx);
    if (governed.outcome !== "governed") return governed;
    const { organizationId } = governed;
    const grants = await listUserGrants(userId, organizationId, tx);
    const managed = grants.filter(
      (grant) => grant.expiresAt === null || (!grant.expired && timedToo.includes(grant.roleId)),
    );
    const before = [...new Set(managed.map((grant) => grant.roleId))];
    const after = [...new Set(wanted(before))];
    const added = after.filter((id) => !before.includes(id));
    const removed = before.filter((id) => !after.includes(id));
    const roles = await findUsableRoles([...new Set([...before, ...after])], organizationId, tx);
    if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
    const named = (ids: string[]) =>
      roles.filter((role) => ids.includes(role.id)).map(({ id, name }) => ({ id, name }));
    const timed = grants.filter((grant) => !grant.expired && !managed.includes(grant));
    const held = heldRoles(named(after), timed);
    if (added.length + removed.length === 0) {
      return { outcome: "assigned", roles: held, changed: false };
    }

    // What goes is among what the user holds, which governing has checked.
    const coming = roles.filter((role) => added.includes(role.id));
    const { holdIn, required } = await reachOfGrant(authority, coming, organizationId, tx);
    // Conditions can ask for who lacks a role, too.
    const everywhere = managed.some((g) => removed.includes(g.roleId) && g.organizationId === null);
    const leaving = roles.filter((role) => removed.includes(role.id));
    const going = forNow(await requiredForRoles(leaving, everywhere ? null : organizationId, tx));
    const target = { type: "user", id: userId };
    const beyond = await checkWithinOwn(authority, permission, [...required, ...going], target, tx);
    if (beyond !== null) return beyond;

    const actor = actorOf(authority);
    await deleteLastingGrants(userId, removed, organizationId, tx);
    // A grant for a time, over or not, stands in the way of its successor.
    const outright = removed.filter((id) => timedToo.includes(id));
    await deleteUserGrants(userId, [...added, ...outright], organizationId, tx);
    const grantedById = actor.type === "user" ? actor.id : null;
    await grantRoles(
      added.map((roleId) => ({ userId, roleId, grantedById, organizationId: holdIn })),
      tx,
    );
    const namesOf = (ids: string[]) =>
      named(ids)
        .map(({ name }) => name)
        .sort();
    await recordEvent(
      {
        action: added.length > 0 ? "user.role_assigned" : "user.role_removed",
        outcome: "success",
        actor,
        target,
        before: { roles: namesOf(before) },
        after: { roles: namesOf(after) },
      },
      requestOf(authority),
      tx,
    );
    return { outcome: "assigned", roles: held, changed: true };
  };
  return inGuardedChange(authority, confirmed, change, probe);
}

/** What is held for good, and what is held besides until its end. */
function heldRoles(lasting: { id: string; name: string }[], timed: UserGrant[]): HeldRole[] {
  const ends = new Map<string, HeldRole>();
  for (const { roleId: id, roleName: name, expiresAt } of timed) {
    const known = ends.get(id)?.expiresAt;
    if (known && expiresAt && known > expiresAt) continue;
    ends.set(id, { id, name, expiresAt });
  }
  for (const role of lasting) ends.set(role.id, { ...role, expiresAt: null });
  return [...ends.values()].sort((a, b) => a.name.localeCompare(b.name));
}
