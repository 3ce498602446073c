import "server-only";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { PersonalToken } from "@/lib/personal-tokens/own-tokens";
import { listTokenRows } from "@/lib/personal-tokens/personal-token-store";
import { revokePersonalTokens } from "@/lib/personal-tokens/revoke-tokens";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { governUser, isMember } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { askedUser } from "@/lib/users/user-resource";

/** The personal access tokens of a user, newest first, or null when the organization has no such member. */
export async function listUserTokens(
  caller: Caller,
  userId: string,
): Promise<PersonalToken[] | null> {
  await authorize(caller, USER_PERMISSIONS.revokeSessions, await askedUser(caller, userId));
  const { organizationId } = caller.principal;
  return (await isMember(userId, organizationId)) ? listTokenRows(userId, organizationId) : null;
}

export type UserTokenRevocation = { outcome: "revoked" } | { outcome: "not-found" } | BeyondOwn;

/** Ends a token for the caller's organization of a user who is nobody above the caller (ATK-42). */
export async function revokeUserToken(
  caller: Caller,
  userId: string,
  tokenId: string,
): Promise<UserTokenRevocation> {
  const permission = USER_PERMISSIONS.revokeSessions;
  await authorize(caller, permission, { id: userId });
  if (!isId(tokenId)) return { outcome: "not-found" };
  const authority = asCaller(caller);
  return inTransaction(async (tx): Promise<UserTokenRevocation> => {
    const governed = await governUser(authority, permission, userId, tx);
    if (governed.outcome !== "governed") return governed;
    const { organizationId } = governed;
    const count = await revokePersonalTokens(
      userId,
      { only: tokenId, organizationId },
      "revoked_by_administrator",
      actorOf(authority),
      caller.request,
      tx,
    );
    return { outcome: count === 0 ? "not-found" : "revoked" };
  });
}
