import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { isForeignKeyViolation } from "@/lib/platform/db/errors";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { type BelongsElsewhere, governAccount } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { askedUser } from "@/lib/users/user-resource";
import { deleteUserRow } from "@/lib/users/user-store";

export type UserDeletion =
  | { outcome: "deleted"; email: string }
  | { outcome: "not-found" }
  /** Records of other features name the user as their owner; disabling is what is left. */
  | { outcome: "rejected"; reason: "owns-records" }
  | BeyondOwn
  | BelongsElsewhere
  | GuardRejection;

/**
 * Deletes a user whom the caller is not below, and with them every session,
 * credential and role. The audit log keeps what they did.
 */
export async function deleteUser(
  caller: Caller,
  userId: string,
  { confirmed, probe }: { confirmed: boolean; probe?: Probe | undefined },
): Promise<UserDeletion> {
  await authorize(caller, USER_PERMISSIONS.manage, await askedUser(caller, userId));
  requireAssurance(caller.principal, SENSITIVE);
  const authority = asCaller(caller);
  const change = async (tx: Db): Promise<UserDeletion> => {
    const governed = await governAccount(authority, USER_PERMISSIONS.manage, userId, tx);
    if (governed.outcome !== "governed") return governed;
    const { email, name, status, roles } = governed.user;
    await deleteUserRow(userId, tx);
    await recordEvent(
      {
        action: "user.deleted",
        outcome: "success",
        actor: actorOf(authority),
        target: { type: "user", id: userId },
        before: { email, name, status, roles: roles.map((role) => role.name) },
      },
      caller.request,
      tx,
    );
    return { outcome: "deleted", email };
  };
  try {
    return await inGuardedChange(authority, confirmed, change, probe);
  } catch (error) {
    if (isForeignKeyViolation(error)) return { outcome: "rejected", reason: "owns-records" };
    throw error;
  }
}
