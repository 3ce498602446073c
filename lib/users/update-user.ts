import "server-only";
import { type JsonValue, recordEvent } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { requiredForAddresses } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import { requireAssurance, requireOwnHand, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { type BelongsElsewhere, governAccount } from "@/lib/users/govern-user";
import { addressChangedMail } from "@/lib/users/mails";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import type { UserChange } from "@/lib/users/user.schema";
import {
  findMemberRow,
  findSignInMethods,
  type ListedUser,
} from "@/lib/users/user-directory-store";
import { askedUser } from "@/lib/users/user-resource";
import {
  addressIsFree,
  changeStatus,
  discardAlerts,
  discardLinks,
  endPendingEmailChange,
  releaseFormerAddresses,
  updateUser as updateUserRow,
} from "@/lib/users/user-store";

export type UserUpdate =
  | { outcome: "updated"; user: ListedUser }
  | { outcome: "not-found" }
  /** `still-invited`: only the user's own first sign-in makes a pending user active. */
  | { outcome: "rejected"; reason: "address-taken" | "still-invited" }
  | BeyondOwn
  | BelongsElsewhere
  | GuardRejection;

/**
 * Changes the account of a user whom the caller is not below, wherever they belong: an address is a
 * way to take an account over, so that nobody changes that of somebody above them (ATK-42).
 * Disabling ends every session together with it (ATK-39) and waits for no proof;
 * another address takes a fresh one, and enabling somebody's own hand.
 */
export async function updateUser(
  caller: Caller,
  userId: string,
  change: UserChange,
  { confirmed, probe }: { confirmed: boolean; probe?: Probe | undefined },
): Promise<UserUpdate> {
  await authorize(caller, USER_PERMISSIONS.manage, await askedUser(caller, userId));
  return changeUser(asCaller(caller), userId, change, confirmed, probe);
}

/** The same for whoever has the authority. */
export async function changeUser(
  authority: Authority,
  userId: string,
  { status, ...profile }: UserChange,
  confirmed: boolean,
  probe?: Probe,
): Promise<UserUpdate> {
  try {
    const work = async (tx: Db): Promise<UserUpdate> => {
      const governed = await governAccount(authority, USER_PERMISSIONS.manage, userId, tx);
      if (governed.outcome !== "governed") return governed;
      const { user, organizationId } = governed;
      if (status === "active" && user.status === "pending") {
        return { outcome: "rejected", reason: "still-invited" };
      }
      if (profile.email !== undefined && profile.email !== user.email) {
        // Conditions can ask for the domain of an address, and the user has theirs everywhere.
        const decided = await requiredForAddresses([user.email, profile.email], null, tx);
        const target = { type: "user", id: userId };
        const { manage } = USER_PERMISSIONS;
        const beyond = await checkWithinOwn(authority, manage, decided, target, tx);
        if (beyond !== null) return beyond;
      }
      if (!(await changeProfile(authority, user, profile, tx))) {
        return { outcome: "rejected", reason: "address-taken" };
      }
      if (status === "disabled") await disable(authority, user, tx);
      if (status === "active") await enable(authority, user, tx);
      const updated = await findMemberRow(userId, organizationId, tx);
      return updated === null ? { outcome: "not-found" } : { outcome: "updated", user: updated };
    };
    return await inGuardedChange(authority, confirmed, work, probe);
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "address-taken" };
    throw error;
  }
}

/** False when the address is kept for somebody who had it. */
async function changeProfile(
  authority: Authority,
  user: ListedUser,
  { email = user.email, name = user.name }: Omit<UserChange, "status">,
  tx: Db,
): Promise<boolean> {
  const before: Record<string, JsonValue> = {};
  const after: Record<string, JsonValue> = {};
  if (name !== user.name) [before["name"], after["name"]] = [user.name, name];
  if (email !== user.email) [before["email"], after["email"]] = [user.email, email];
  if (Object.keys(after).length === 0) return true;
  // Whoever has another's address has their account: not for a browser left open (F22).
  if (email !== user.email && authority.kind === "caller") {
    requireAssurance(authority.caller.principal, SENSITIVE);
  }
  if (email !== user.email && !(await addressIsFree(email, user.id, tx))) return false;
  await updateUserRow(user.id, { name, email }, tx);
  if (email !== user.email) {
    // A link that went to the former address must not open the account any more (ATK-37),
    // and none undoes what an administrator decides.
    await discardLinks(user.id, tx);
    await discardAlerts(user.id, tx);
    await releaseFormerAddresses(user.id, tx);
    await enqueueMail("address-changed", user.email, addressChangedMail(), tx);
  }
  await recordChange(authority, "user.updated", user, before, after, tx);
  return true;
}

async function disable(authority: Authority, user: ListedUser, tx: Db): Promise<void> {
  if (!(await changeStatus(user.id, ["active", "pending"], "disabled", tx))) return;
  const [actor, request] = [actorOf(authority), requestOf(authority)];
  await endPendingEmailChange(user.id, tx);
  await revokeSessions(user.id, {}, "user_disabled", actor, request, tx);
  const before = { status: user.status };
  await recordChange(authority, "user.disabled", user, before, { status: "disabled" }, tx);
}

/** Somebody who never had a way to sign in is invited still. */
async function enable(authority: Authority, user: ListedUser, tx: Db): Promise<void> {
  const { hasPassword, providers } = await findSignInMethods(user.id, tx);
  const status = hasPassword || providers.length > 0 ? "active" : "pending";
  if (!(await changeStatus(user.id, ["disabled"], status, tx))) return;
  if (authority.kind === "caller") requireOwnHand(authority.caller.principal);
  // A sign-in that ran while the user was disabled may have left a session behind.
  const [actor, request] = [actorOf(authority), requestOf(authority)];
  await revokeSessions(user.id, {}, "user_disabled", actor, request, tx);
  await recordChange(authority, "user.enabled", user, { status: "disabled" }, { status }, tx);
}

async function recordChange(
  authority: Authority,
  action: string,
  user: ListedUser,
  before: Record<string, JsonValue>,
  after: Record<string, JsonValue>,
  tx: Db,
): Promise<void> {
  await recordEvent(
    {
      action,
      outcome: "success",
      actor: actorOf(authority),
      target: { type: "user", id: user.id },
      before,
      after,
    },
    requestOf(authority),
    tx,
  );
}
