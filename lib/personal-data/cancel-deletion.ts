import "server-only";
import { type AuditEventInput, actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { deletionCancelledMail } from "@/lib/personal-data/deletion-mails";
import {
  cancelDeletionRow,
  findPendingDeletion,
  findUndoLink,
  lockForDeletion,
  type PendingDeletion,
} from "@/lib/personal-data/deletion-store";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { isMember, manageAccount } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { askedUser } from "@/lib/users/user-resource";

/** Keeps the account that was to be erased, once; false where it was kept before, or is being erased. */
async function cancel(
  userId: string,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<boolean> {
  const locked = await lockForDeletion(userId, tx);
  if (locked === null || !(await cancelDeletionRow(userId, tx))) return false;
  const target = { type: "user", id: userId };
  const action = "user.deletion_cancelled";
  await recordEvent({ action, outcome: "success", actor, target }, request, tx);
  await enqueueMail("deletion-cancelled", locked.email, deletionCancelledMail(), tx);
  return true;
}

/** Keeps the caller's own account. */
export const keepOwnAccount = ({ principal, request }: Caller): Promise<boolean> =>
  inTransaction((tx) => cancel(principal.userId, actorOfPrincipal(principal), request, tx));

export type DeletionLink =
  | { state: "pending"; dueAt: Date }
  | { state: "used" | "expired" | "unknown" };

/** What the link of the mail is worth. Looking never uses it up: scanners look too. */
export async function inspectDeletionLink(token: unknown): Promise<DeletionLink> {
  const link = isSecret(token) ? await findUndoLink(hashSecret(token)) : null;
  if (link === null) return { state: "unknown" };
  return link.state === "pending" ? { state: "pending", dueAt: link.dueAt } : { state: link.state };
}

/** Keeps the account by the link of the mail, once, signed in or not. It signs nobody in. */
export async function undoDeletion(token: unknown, request: RequestFacts): Promise<boolean> {
  const link = isSecret(token) ? await findUndoLink(hashSecret(token)) : null;
  if (link?.state !== "pending") return false;
  const { userId } = link;
  return inTransaction((tx) => cancel(userId, { type: "user", id: userId }, request, tx));
}

/** That a user who may be seen is to be erased. */
export async function findDeletionOf(
  caller: Caller,
  userId: string,
): Promise<PendingDeletion | null> {
  await authorize(caller, USER_PERMISSIONS.view, await askedUser(caller, userId));
  return (await isMember(userId, caller.principal.organizationId))
    ? findPendingDeletion(userId)
    : null;
}

type Cancellation = { outcome: "cancelled" } | { outcome: "nothing-pending" };

/** Keeps the account of a user whom the caller may change. */
export const cancelDeletionOf = (caller: Caller, userId: string) =>
  manageAccount(
    caller,
    userId,
    async (_user, actor, tx): Promise<Cancellation> =>
      (await cancel(userId, actor, caller.request, tx))
        ? { outcome: "cancelled" }
        : { outcome: "nothing-pending" },
  );
