import "server-only";
import type { AuditEventInput } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { checkInEach, holdsInEach } from "@/lib/authz/in-each";
import { type BeyondOwn, checkNotAbove } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import {
  findMemberIdBy,
  findMemberRow,
  type ListedUser,
  listOtherOrganizations,
} from "@/lib/users/user-directory-store";
import { askedUser } from "@/lib/users/user-resource";
import { findDefaultOrganizationId, lockUserRow } from "@/lib/users/user-store";

export type Governed =
  | { outcome: "governed"; user: ListedUser; organizationId: string }
  | { outcome: "not-found" }
  | BeyondOwn;

/** Where the author acts; the command line acts in the installation's own organization. */
export const organizationOf = async (authority: Authority, tx: Db): Promise<string> =>
  authority.kind === "operator"
    ? findDefaultOrganizationId(tx)
    : authority.caller.principal.organizationId;

/** The account is another organization's as well, where its author lacks the permission for the change. */
export interface BelongsElsewhere {
  outcome: "rejected";
  reason: "belongs-elsewhere";
  decisionId: string;
}

type AccountRefusal = Exclude<Governed, { outcome: "governed" }> | BelongsElsewhere;

/**
 * The user, when the author may act on them as a member: of the same organization
 * (ATK-43), and holding nothing that the author lacks, in any organization (ATK-42). For what
 * is of this organization alone; call it in the transaction of the change.
 */
export async function governUser(
  authority: Authority,
  permission: Permission,
  userId: string,
  tx: Db,
): Promise<Governed> {
  const organizationId = await organizationOf(authority, tx);
  const user = await findMemberRow(userId, organizationId, tx);
  if (user === null) return { outcome: "not-found" };
  const { id, email, status } = user;
  const record = { id, email, status };
  const beyond = await checkNotAbove(authority, permission, userId, tx, record);
  return beyond ?? { outcome: "governed", user, organizationId };
}

/**
 * The same for what is done to the account itself, and so everywhere: its address, status, factors,
 * links and existence. The author holds the permission in every organization that the user belongs
 * to, or on the whole instance (ATK-42, ATK-43). Whoever joins one meanwhile is waited for, and
 * joins none before the change is made.
 */
export async function governAccount(
  authority: Authority,
  permission: Permission,
  userId: string,
  tx: Db,
): Promise<Governed | BelongsElsewhere> {
  const governed = await governUser(authority, permission, userId, tx);
  if (governed.outcome !== "governed") return governed;
  // A row of a membership refers to the user's, and holds it until it is committed.
  await lockUserRow(userId, tx);
  const elsewhere = await listOtherOrganizations(userId, governed.organizationId, tx);
  const target = { type: "user", id: userId };
  const beyond = await checkInEach(authority, permission, elsewhere, target, tx);
  if (beyond === null) return governed;
  const { decisionId } = beyond;
  return { outcome: "rejected", reason: "belongs-elsewhere", decisionId };
}

/** Which of these the caller may not do to the account, since it is another organization's as well. */
export async function listBeyondAccount(
  caller: Caller,
  permissions: Permission[],
  userId: string,
  tx: Db,
): Promise<string[]> {
  const elsewhere = await listOtherOrganizations(userId, caller.principal.organizationId, tx);
  const beyond: string[] = [];
  for (const permission of permissions) {
    if (!(await holdsInEach(caller, permission, elsewhere, tx))) beyond.push(permission.key);
  }
  return beyond;
}

/** Whether the user belongs to the organization; any text may be asked about. */
export const isMember = async (userId: string, organizationId: string, db?: Db): Promise<boolean> =>
  (await findMemberRow(userId, organizationId, db)) !== null;

/** The member of the organization with this id or address; null when there is none. */
export const findMemberId = (
  idOrEmail: string,
  organizationId: string,
  db?: Db,
): Promise<string | null> => findMemberIdBy(idOrEmail, organizationId, db);

/**
 * Runs `work` on a user whose account the caller may manage, in one transaction with the
 * check. For features that give users ways to sign in.
 */
export async function manageAccount<T>(
  caller: Caller,
  userId: string,
  work: (user: ListedUser, actor: AuditEventInput["actor"], tx: Db) => Promise<T>,
  permission: Permission = USER_PERMISSIONS.manage,
): Promise<T | AccountRefusal> {
  await authorize(caller, permission, await askedUser(caller, userId));
  const authority = asCaller(caller);
  return inTransaction(async (tx): Promise<T | AccountRefusal> => {
    const governed = await governAccount(authority, permission, userId, tx);
    return governed.outcome === "governed" ? work(governed.user, actorOf(authority), tx) : governed;
  });
}
