import "server-only";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { PersonalToken } from "@/lib/personal-tokens/own-tokens";
import { listTokenRows } from "@/lib/personal-tokens/personal-token-store";
import { revokePersonalTokens } from "@/lib/personal-tokens/revoke-tokens";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { isMember, manageUser } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** The personal access tokens of a user, newest first, or null when the organization has no such member. */
export async function listUserTokens(
  caller: Caller,
  userId: string,
): Promise<PersonalToken[] | null> {
  await authorize(caller, USER_PERMISSIONS.revokeSessions, { id: userId });
  const { organizationId } = caller.principal;
  return (await isMember(userId, organizationId)) ? listTokenRows(userId, organizationId) : null;
}

export type UserTokenRevocation = { outcome: "revoked" } | { outcome: "not-found" } | BeyondOwn;

/** Ends a token of a user who is nobody above the caller (ATK-42). */
export async function revokeUserToken(
  caller: Caller,
  userId: string,
  tokenId: string,
): Promise<UserTokenRevocation> {
  return manageUser(
    caller,
    userId,
    async (_user, _actor, tx): Promise<UserTokenRevocation> => {
      if (!isId(tokenId)) return { outcome: "not-found" };
      const actor = actorOf(asCaller(caller));
      const reason = "revoked_by_administrator";
      const only = { only: tokenId };
      const count = await revokePersonalTokens(userId, only, reason, actor, caller.request, tx);
      return { outcome: count === 0 ? "not-found" : "revoked" };
    },
    USER_PERMISSIONS.revokeSessions,
  );
}
