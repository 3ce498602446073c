import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import { findUsableRoles, reachOfGrant, requiredForRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Caller } from "@/lib/shared/caller";
import { governUser } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { deleteUserGrants, listUserGrants } from "@/lib/users/user-roles-store";
import { grantRoles } from "@/lib/users/user-store";

export type RoleAssignment =
  | { outcome: "assigned"; roles: { id: string; name: string }[]; changed: boolean }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unknown-role" }
  | BeyondOwn
  | GuardRejection;

/**
 * Makes these the user's roles in the caller's organization, as one change. The
 * caller holds everything in every role that comes or goes, and everything that
 * the user holds (ATK-42).
 */
export async function assignRoles(
  caller: Caller,
  userId: string,
  roleIds: string[],
  { confirmed }: { confirmed: boolean },
): Promise<RoleAssignment> {
  await authorize(caller, USER_PERMISSIONS.assignRoles, { id: userId });
  return replaceRoles(asCaller(caller), userId, () => roleIds, confirmed);
}

/** The same for whoever has the authority; `wanted` says the new set in terms of the present one. */
export async function replaceRoles(
  authority: Authority,
  userId: string,
  wanted: (present: string[]) => string[],
  confirmed: boolean,
): Promise<RoleAssignment> {
  return inGuardedChange(authority, confirmed, async (tx): Promise<RoleAssignment> => {
    const permission = USER_PERMISSIONS.assignRoles;
    const governed = await governUser(authority, permission, userId, tx);
    if (governed.outcome !== "governed") return governed;
    const { organizationId } = governed;
    const grants = await listUserGrants(userId, organizationId, tx);
    const before = [...new Set(grants.filter((grant) => !grant.expired).map((g) => g.roleId))];
    const after = [...new Set(wanted(before))];
    const added = after.filter((id) => !before.includes(id));
    const removed = before.filter((id) => !after.includes(id));
    const roles = await findUsableRoles([...new Set([...before, ...after])], organizationId, tx);
    if (roles === null) return { outcome: "rejected", reason: "unknown-role" };
    const named = (ids: string[]) =>
      roles.filter((role) => ids.includes(role.id)).map(({ id, name }) => ({ id, name }));
    if (added.length + removed.length === 0) {
      return { outcome: "assigned", roles: named(after), changed: false };
    }

    // What goes is among what the user holds, which governing has checked.
    const coming = roles.filter((role) => added.includes(role.id));
    const { holdIn, required } = await reachOfGrant(authority, coming, organizationId, tx);
    // Conditions can ask for who lacks a role, too.
    const everywhere = grants.some((g) => removed.includes(g.roleId) && g.organizationId === null);
    const leaving = roles.filter((role) => removed.includes(role.id));
    const going = await requiredForRoles(leaving, everywhere ? null : organizationId, tx);
    const target = { type: "user", id: userId };
    const beyond = await checkWithinOwn(authority, permission, [...required, ...going], target, tx);
    if (beyond !== null) return beyond;

    const actor = actorOf(authority);
    // A grant that has run out stands in the way of its successor.
    await deleteUserGrants(userId, [...removed, ...added], organizationId, tx);
    await grantRoles(userId, added, actor.type === "user" ? actor.id : null, holdIn, tx);
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
    return { outcome: "assigned", roles: named(after), changed: true };
  });
}
