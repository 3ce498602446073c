import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { deleteGrantsToClient } from "@/lib/oidc/grant-store";
import { listAppsOf, type OwnApp } from "@/lib/oidc/own-apps";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import {
  type BelongsElsewhere,
  isMember,
  listBeyondAccount,
  manageAccount,
} from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { askedUser } from "@/lib/users/user-resource";

export type UserApps =
  | { outcome: "listed"; apps: OwnApp[] }
  | { outcome: "not-found" }
  | { outcome: "belongs-elsewhere" };

/**
 * The apps that act for a user, as they see them themselves. What somebody uses is of their account, and so it
 * takes the right in every organization that they belong to (ATK-43).
 */
export async function listUserApps(caller: Caller, userId: string): Promise<UserApps> {
  const permission = USER_PERMISSIONS.revokeSessions;
  await authorize(caller, permission, await askedUser(caller, userId));
  return inTransaction(async (tx): Promise<UserApps> => {
    if (!(await isMember(userId, caller.principal.organizationId, tx))) {
      return { outcome: "not-found" };
    }
    const beyond = await listBeyondAccount(caller, [permission], userId, tx);
    return beyond.length > 0
      ? { outcome: "belongs-elsewhere" }
      : { outcome: "listed", apps: await listAppsOf(userId) };
  });
}

export type UserAppRevocation =
  | { outcome: "revoked" }
  | { outcome: "not-found" }
  | BelongsElsewhere
  | BeyondOwn;

/**
 * Takes back all that a user has granted an app, with its tokens, wherever they were given: what a
 * user allows is of their account, and so it takes the right in every organization that they
 * belong to (ATK-42).
 */
export async function revokeUserApp(
  caller: Caller,
  userId: string,
  clientId: string,
): Promise<UserAppRevocation> {
  // PostgreSQL knows no NUL, and no client has one.
  if (clientId.includes("\u0000")) return { outcome: "not-found" };
  return manageAccount(
    caller,
    userId,
    async (user, actor, tx): Promise<UserAppRevocation> => {
      const grants = await deleteGrantsToClient(user.id, clientId, tx);
      if (grants === 0) return { outcome: "not-found" };
      const target = { type: "client", id: clientId };
      const before = { grants, userId: user.id };
      const action = "client.access_revoked";
      await recordEvent({ action, outcome: "success", actor, target, before }, caller.request, tx);
      return { outcome: "revoked" };
    },
    USER_PERMISSIONS.revokeSessions,
  );
}
