import "server-only";
import type { AuditEventInput } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { type BeyondOwn, checkNotAbove } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findMemberIdBy, findMemberRow, type ListedUser } from "@/lib/users/user-directory-store";
import { findDefaultOrganizationId } from "@/lib/users/user-store";

export type Governed =
  | { outcome: "governed"; user: ListedUser; organizationId: string }
  | { outcome: "not-found" }
  | BeyondOwn;

/** Where the author acts; the command line acts in the installation's own organization. */
export const organizationOf = async (authority: Authority, tx: Db): Promise<string> =>
  authority.kind === "operator"
    ? findDefaultOrganizationId(tx)
    : authority.caller.principal.organizationId;

/**
 * The user, when the author may act on them: a member of the same organization
 * (ATK-43) who holds nothing that the author lacks, in any organization, since
 * what is done to a user is done everywhere (ATK-42). The one gate of every
 * change to somebody else; call it in the transaction of the change.
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
  const beyond = await checkNotAbove(authority, permission, userId, tx);
  return beyond ?? { outcome: "governed", user, organizationId };
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
 * Runs `work` on a user whom the caller may manage, in one transaction with the
 * check. For features that give users ways to sign in.
 */
export async function manageUser<T>(
  caller: Caller,
  userId: string,
  work: (user: ListedUser, actor: AuditEventInput["actor"], tx: Db) => Promise<T>,
  permission: Permission = USER_PERMISSIONS.manage,
): Promise<T | { outcome: "not-found" } | BeyondOwn> {
  await authorize(caller, permission, { id: userId });
  const authority = asCaller(caller);
  return inTransaction(async (tx): Promise<T | { outcome: "not-found" } | BeyondOwn> => {
    const governed = await governUser(authority, permission, userId, tx);
    return governed.outcome === "governed" ? work(governed.user, actorOf(authority), tx) : governed;
  });
}
