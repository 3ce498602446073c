import "server-only";
import { z } from "zod";
import { readFromReplica } from "@/lib/audit/read-from-replica";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { accessibleRows } from "@/lib/authz/decide";
import { type GrantableRole, listRoleChoices, measureRoles } from "@/lib/authz/usable-roles";
import { listBeyond } from "@/lib/authz/within-own";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";
import { listBeyondAccount } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import type { UserListing } from "@/lib/users/user.schema";
import {
  countUsersByStatus,
  findMemberRow,
  findSignInMethods,
  type HeldRole,
  type ListedUser,
  listUserRows,
  placeOf,
} from "@/lib/users/user-directory-store";
import { askedUser } from "@/lib/users/user-resource";

export type { GrantableRole, HeldRole, ListedUser };

const WALK = { walk: z.enum(["next", "previous"]), id: z.uuid() };

/** A place names its order: in another one it would be a place at random. */
const Place = z.discriminatedUnion("sort", [
  z.strictObject({ ...WALK, sort: z.literal("newest"), value: CursorTime }),
  z.strictObject({ ...WALK, sort: z.literal("name"), value: CursorText.nullable() }),
  z.strictObject({ ...WALK, sort: z.literal("email"), value: CursorText }),
  z.strictObject({ ...WALK, sort: z.literal("last-sign-in"), value: CursorTime.nullable() }),
]);

export interface UserPage {
  users: ListedUser[];
  nextCursor: string | null;
  previousCursor: string | null;
}

export type UserListingResult =
  | ({ outcome: "listed" } & UserPage)
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of the users of the caller's organization that the caller may see. */
export async function listUsers(
  caller: Caller,
  listing: UserListing,
  { cursor, limit }: PageRequest,
): Promise<UserListingResult> {
  await authorize(caller, USER_PERMISSIONS.view);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place?.sort !== listing.sort) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const { organizationId } = caller.principal;
  const reachable = await accessibleRows(caller, USER_PERMISSIONS.view);
  const rows = await readFromReplica(caller, (db) =>
    listUserRows(organizationId, listing, reachable, place, limit + 1, db),
  );
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (user: ListedUser | null, walk: Walk) =>
    user && encodeCursor({ sort: listing.sort, walk, ...placeOf(user, listing.sort) });
  return {
    outcome: "listed",
    users: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

export interface UserDetail extends ListedUser {
  hasPassword: boolean;
  /** Upstream identity providers that can sign the user in. */
  providers: string[];
  /** Permissions that the user holds and the caller lacks: with any, they are not the caller's to change. */
  beyond: string[];
  /** What the caller may do to users here and not to this account: it is another organization's as well. */
  beyondAccount: string[];
}

/** The user, or null when the organization has no such member (ATK-43). */
export async function findUser(caller: Caller, userId: string): Promise<UserDetail | null> {
  await authorize(caller, USER_PERMISSIONS.view, await askedUser(caller, userId));
  const user = await findMemberRow(userId, caller.principal.organizationId);
  if (user === null) return null;
  const { manage, resetFactors, revokeSessions } = USER_PERMISSIONS;
  const ofAccount = [manage, resetFactors, revokeSessions];
  const [methods, beyond, beyondAccount] = await Promise.all([
    findSignInMethods(userId),
    listBeyond(caller, userId),
    inTransaction((tx) => listBeyondAccount(caller, ofAccount, userId, tx)),
  ]);
  return { ...user, ...methods, beyond, beyondAccount };
}

/** How many users of each status there are among those that the caller may see; null for too many to count. */
export async function countUsers(caller: Caller) {
  await authorize(caller, USER_PERMISSIONS.view);
  const reachable = await accessibleRows(caller, USER_PERMISSIONS.view);
  return readFromReplica(caller, (db) =>
    countUsersByStatus(caller.principal.organizationId, reachable, db),
  );
}

/** The roles by which a list of users can be narrowed. */
export async function listRoleFilters(caller: Caller): Promise<{ id: string; name: string }[]> {
  await authorize(caller, USER_PERMISSIONS.view);
  return listRoleChoices(caller.principal.organizationId);
}

/** The roles of the organization, with what the caller lacks to give each of them. */
export async function listAssignableRoles(caller: Caller): Promise<GrantableRole[]> {
  await authorizeToOffer(caller, USER_PERMISSIONS.assignRoles);
  return measureRoles(caller);
}
